import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.stub import Stubber

from service_kit import deadlines
from service_kit.aws import _clients as clients
from service_kit.aws import client, close_connections, session, table
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


def test_importing_everything_makes_no_client() -> None:
    modules = ["events", "events._queue", "events._stream", "http", "parameters", "aws"]
    program = (
        f"import {', '.join(f'service_kit.{module}' for module in modules)}; "
        "from service_kit.aws import _clients as clients; "
        "print(clients._session.cache_info().currsize, clients._clients)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PACKAGE,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "0 {}"


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
        parameters = session().client("ssm", config=once, endpoint_url=peer.url)
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

    def test_clients_know_all_services_without_packaged_models(self) -> None:
        assert {"dynamodb", "ssm", "sqs"} <= set(session().get_available_services())


def verification() -> Any:
    """Give what a new client recognises AWS by: a file, or True for botocore's own roots."""
    made: Any = client("sts")
    return made._endpoint.http_session._verify


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that knows SSM alone, and of that one operation."""
    whole = Loader()
    version = whole.determine_latest_version("ssm", "service-2")
    model = whole.load_service_model("ssm", "service-2")
    model["operations"] = {"GetParameter": model["operations"]["GetParameter"]}
    models = tmp_path / "aws_models"
    for name in ("partitions", "endpoints", "sdk-default-configuration", "_retry"):
        write(models / f"{name}.json", whole.load_data(name))
    write(models / "ssm" / version / "service-2.json", model)
    rules = whole.load_service_model("ssm", "endpoint-rule-set-1")
    write(models / "ssm" / version / "endpoint-rule-set-1.json", rules)
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(tmp_path))
    return models


def write(file: Path, data: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(data))


@pytest.mark.usefixtures("fresh_clients", "packaged")
class TestWithPackagedModels:
    def test_a_client_is_made_from_the_packaged_model(self) -> None:
        assert hasattr(client("ssm"), "get_parameter")
        assert not hasattr(client("ssm"), "put_parameter")

    def test_a_service_that_is_not_packaged_is_not_known(self) -> None:
        with pytest.raises(UnknownServiceError, match="Valid service names are: ssm"):
            client("sqs")

    def test_what_is_packaged_is_all_that_is_looked_through(self, packaged: Path) -> None:
        loader: Any = session()._session.get_component("data_loader")
        assert loader.search_paths == [str(packaged), str(Path(boto3.__file__).parent / "data")]


@pytest.mark.usefixtures("in_lambda")
class TestInLambda:
    def test_aws_is_recognised_by_its_own_roots(self) -> None:
        roots = Path(verification())
        assert roots.name == "aws_roots.pem"
        assert "BEGIN CERTIFICATE" in roots.read_text()

    def test_a_file_that_the_environment_names_wins(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = tmp_path / "own.pem"
        own.write_text(clients.AWS_ROOTS.read_text())
        monkeypatch.setenv("AWS_CA_BUNDLE", str(own))
        assert verification() == str(own)
