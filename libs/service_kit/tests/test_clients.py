import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.config import Config
from botocore.credentials import CredentialResolver
from botocore.stub import Stubber

from devtools import snapshot_hooks
from service_kit import clients, deadlines
from service_kit.clients import client, close_connections, session, table
from service_kit.deadlines import DeadlineExceeded, within

from .bad_peer import BadPeer

PACKAGE = Path(__file__).parent.parent


def test_there_is_one_session() -> None:
    assert session() is session()


def test_there_is_one_client_for_each_service() -> None:
    assert client("ssm") is client("ssm")


def test_clients_give_up_soon() -> None:
    config: Any = client("ssm").meta.config
    assert config.connect_timeout <= 1
    assert config.read_timeout <= 2
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}


def test_there_is_one_resource_for_each_table() -> None:
    assert table("orders") is table("orders")
    assert table("orders").name == "orders"


def test_importing_everything_makes_no_session_and_needs_no_boto3() -> None:
    modules = ["events", "http", "queue", "stream", "parameters", "signed_http", "clients"]
    program = (
        f"import sys; from service_kit import {', '.join(modules)}; "
        "print([name for name in ('boto3', 'botocore.session', 'botocore.client') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PACKAGE, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.usefixtures("fresh_clients")
class TestOutsideOfLambda:
    def test_each_service_has_its_own_client(self) -> None:
        made = [client(name) for name in ("ssm", "sqs")]
        assert [one.meta.service_model.service_name for one in made] == ["ssm", "sqs"]

    def test_a_client_waits_for_a_connection_a_second_and_for_an_answer_two(self) -> None:
        config = client("ssm").meta.config
        assert (config.connect_timeout, config.read_timeout) == (1, 2)  # type: ignore[attr-defined]
        assert config.tcp_keepalive is True  # type: ignore[attr-defined]

    def test_a_table_takes_and_gives_plain_values(self) -> None:
        orders = table("orders")
        with Stubber(orders.meta.client) as dynamodb:
            dynamodb.add_response(
                "get_item",
                {"Item": {"orderId": {"S": "1"}}},
                {"TableName": "orders", "Key": {"orderId": "1"}},
            )
            assert orders.get_item(Key={"orderId": "1"})["Item"] == {"orderId": "1"}

    def test_all_tables_share_one_client_that_is_not_the_one_for_typed_values(self) -> None:
        assert table("orders").meta.client is table("restaurants").meta.client
        with Stubber(client("dynamodb")) as dynamodb:
            dynamodb.add_response("get_item", {"Item": {"orderId": {"S": "1"}}})
            answer = client("dynamodb").get_item(TableName="orders", Key={"orderId": {"S": "1"}})
        assert answer["Item"] == {"orderId": {"S": "1"}}

    def test_no_client_begins_a_call_when_the_time_is_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(deadlines._state, "ends_at", time.monotonic() - 1)
        with pytest.raises(DeadlineExceeded, match=r"last call was ssm\.GetParameter"):
            client("ssm").get_parameter(Name="/a")

    def test_no_client_makes_another_error_of_the_time_that_is_up(self) -> None:
        peer = BadPeer("silent")
        once = Config(retries={"total_max_attempts": 1})
        parameters: Any = session().create_client("ssm", config=once, endpoint_url=peer.url)
        with pytest.raises(DeadlineExceeded), within(0.3):
            parameters.get_parameter(Name="/a")
        parameters.close()
        peer.close()

    def test_aws_is_recognised_by_the_roots_that_botocore_trusts(self) -> None:
        assert verification() is True

    def test_closing_connections_closes_those_of_every_client(self) -> None:
        pools = []
        for made in (client("ssm"), client("sqs"), table("orders").meta.client):
            manager = made._endpoint.http_session._manager  # type: ignore[union-attr]
            manager.connection_from_url("https://aws.example")
            pools.append(manager.pools)
        assert [len(pool) for pool in pools] == [1, 1, 1]
        close_connections()
        assert [len(pool) for pool in pools] == [0, 0, 0]

    def test_clients_are_made_from_what_is_packaged_of_aws(self, monkeypatch: pytest.MonkeyPatch) -> None:
        packaged: list[Any] = []
        monkeypatch.setattr(clients, "use_packaged_models", packaged.append)
        session()
        assert packaged == [session()]

    def test_credentials_are_looked_for_wherever_botocore_looks(self) -> None:
        assert len(providers()) > 2


def verification() -> Any:
    """Give what a new client recognises AWS by: a file, or True for botocore's own roots."""
    made: Any = client("sts")
    return made._endpoint.http_session._verify


def credentials() -> Any:
    return session().get_credentials()


def providers() -> list[str | None]:
    resolver = session().get_component("credential_provider")
    assert isinstance(resolver, CredentialResolver)
    return [provider.METHOD for provider in resolver.providers]


@pytest.mark.usefixtures("in_lambda")
class TestInLambda:
    def test_aws_is_recognised_by_its_own_roots(self) -> None:
        roots = Path(verification())
        assert roots.name == "aws_roots.pem"
        assert "BEGIN CERTIFICATE" in roots.read_text()

    @pytest.mark.parametrize("off", ["trust_aws_roots_only", "all"])
    def test_certificates_are_still_verified_without_them(
        self, off: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SERVICE_KIT_LEAN_OFF", off)
        assert verification() is True

    def test_a_file_that_the_environment_names_wins(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = tmp_path / "own.pem"
        own.write_text(clients.AWS_ROOTS.read_text())
        monkeypatch.setenv("AWS_CA_BUNDLE", str(own))
        assert verification() == str(own)

    def test_credentials_are_looked_for_in_the_environment_alone(self) -> None:
        assert providers() == ["env"]
        assert credentials().access_key == "AKIDEXAMPLE"

    def test_credentials_are_looked_for_elsewhere_when_the_environment_has_none(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        assert len(providers()) > 2

    def test_credentials_are_looked_for_elsewhere_when_that_is_switched_off(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SERVICE_KIT_LEAN_OFF", "take_credentials_from_environment")
        assert len(providers()) > 2

    @pytest.mark.parametrize(("off", "refuses"), [("", False), ("trust_event_handlers", True)])
    def test_the_signature_of_a_handler_is_looked_at_only_where_that_costs_nothing(
        self, monkeypatch: pytest.MonkeyPatch, off: str, *, refuses: bool
    ) -> None:
        monkeypatch.setenv("SERVICE_KIT_LEAN_OFF", off)
        try:
            session().register("before-send", cast("Any", lambda: None))
        except ValueError:
            assert refuses
        else:
            assert not refuses

    def test_a_client_works_with_these_tricks(self) -> None:
        with Stubber(client("ssm")) as ssm:
            ssm.add_response("get_parameter", {"Parameter": {"Value": "v"}}, {"Name": "/a"})
            assert client("ssm").get_parameter(Name="/a")["Parameter"]["Value"] == "v"

    def test_a_restored_copy_looks_for_credentials_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        hooks = snapshot_hooks.recorded(monkeypatch)
        found = credentials()
        assert found.access_key == "AKIDEXAMPLE"
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDRESTORED")
        assert found.access_key == "AKIDEXAMPLE"
        for renew in hooks.renewals:
            renew()
        assert found.access_key == "AKIDRESTORED"
