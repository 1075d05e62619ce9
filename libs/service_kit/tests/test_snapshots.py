"""Functions that go on from a snapshot: what is registered, what is prepared, and what differs afterwards."""

import gc
import json
import os
import random
import ssl
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import NoCredentialsError

from devtools import snapshot_hooks
from service_kit import clients, invocation, lean_start, settings, snapshot_runtime, snapshots
from service_kit.late_credentials import LateCredentials, use_late_credentials
from service_kit.parameters import Text
from service_kit.settings import ServiceSettings
from service_kit.snapshots import Hooks, after_restore, before_snapshot

PACKAGE = Path(__file__).parent.parent


class FakeCredentials:
    def __init__(self, access_key: str) -> None:
        self.access_key = access_key


def said(program: str, **variables: str) -> list[str]:
    """Run a program as a function that is started for a snapshot, and give what it printed that is no log."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=PACKAGE,
        env={
            "PATH": os.environ["PATH"],
            "AWS_LAMBDA_FUNCTION_NAME": "orders-test-place-order",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "SERVICE_NAME": "orders",
            "STAGE": "test",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if not line.startswith("{")]


LIFE = """
import os
from service_kit import lean_start; lean_start.begin()
import gc, random
from snapshot_restore_py import get_after_restore, get_before_snapshot
from service_kit import clients, parameters, signed_http
from service_kit.snapshots import before_snapshot
before_snapshot(lambda: clients.table("orders"))

def run(hooks):
    for function, arguments, keywords in hooks:
        function(*arguments, **keywords)
"""


def test_nothing_is_remembered_of_a_function_that_is_started_as_usual() -> None:
    before_snapshot(lambda: None)
    after_restore(lambda: None)
    assert snapshots.registered == Hooks()


def test_a_function_that_is_started_as_usual_imports_nothing_for_snapshots() -> None:
    program = LIFE + (
        "import sys; print([name for name in ('snapshot_restore_py', 'service_kit.snapshot_runtime',"
        " 'service_kit.late_credentials') if name in sys.modules])"
    )
    program = program.replace("from snapshot_restore_py import get_after_restore, get_before_snapshot\n", "")
    assert said(program, AWS_LAMBDA_INITIALIZATION_TYPE="on-demand") == ["[]"]


def test_the_runtime_is_given_one_hook_for_each_side() -> None:
    program = LIFE + "print([h[0].__name__ for h in get_before_snapshot() + get_after_restore()])"
    assert said(program) == ["['prepare', 'renew']"]


def test_clients_are_in_the_snapshot_and_sign_with_what_was_found_after_the_restore() -> None:
    program = LIFE + (
        "run(get_before_snapshot())\n"
        "print(sorted(clients._clients))\n"
        "made = clients.client('ssm')\n"
        "os.environ.update(AWS_ACCESS_KEY_ID='FIRST', AWS_SECRET_ACCESS_KEY='x')\n"
        "signs_with = lambda: made._request_signer._credentials.get_frozen_credentials().access_key\n"
        "print(signs_with())\n"
        "os.environ.update(AWS_ACCESS_KEY_ID='SECOND')\n"
        "run(get_after_restore())\n"
        "print(signs_with(), clients.client('ssm') is made)\n"
    )
    assert said(program) == ["['dynamodb with plain values', 'ssm']", "FIRST", "SECOND True"]


def test_the_snapshot_ends_the_lean_start() -> None:
    program = LIFE + (
        "print(gc.isenabled()); run(get_before_snapshot()); print(gc.isenabled(), gc.get_freeze_count() > 0)"
    )
    assert said(program) == ["False", "True True"]


def test_two_copies_of_one_snapshot_draw_different_numbers() -> None:
    program = LIFE + (
        "random.seed(1); run(get_before_snapshot())\n"
        "for copy in range(2):\n"
        "    if not (child := os.fork()):\n"
        "        run(get_after_restore()); print(random.random(), flush=True); os._exit(0)\n"
        "    os.waitpid(child, 0)\n"
    )
    first, second = said(program)
    assert first != second


def test_what_stands_in_the_buffers_is_written_once_for_all_copies() -> None:
    program = LIFE + (
        "print('before'); run(get_before_snapshot())\n"
        "if not (child := os.fork()):\n    import sys; sys.stdout.flush(); os._exit(0)\n"
        "os.waitpid(child, 0)\n"
    )
    assert said(program) == ["before"]


def test_a_warm_up_may_register_another_and_releases_come_last(capsys: pytest.CaptureFixture[str]) -> None:
    called: list[str] = []
    hooks = Hooks()
    hooks.releases.append(lambda: called.append("release"))

    def first() -> None:
        called.append("first")
        hooks.warm_ups.append(lambda: called.append("second"))

    hooks.warm_ups.append(first)
    snapshot_runtime.prepare(hooks)
    assert called == ["first", "second", "release"]
    assert json.loads(capsys.readouterr().out)["message"] == "ready for the snapshot"


def test_a_warm_up_that_fails_fails_the_snapshot() -> None:
    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        snapshot_runtime.prepare(Hooks(warm_ups=[fail]))


def test_the_runtime_is_asked_to_call_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: dict[str, object] = {}
    runtime: Any = ModuleType("snapshot_restore_py")
    runtime.register_before_snapshot = lambda hook: calls.update(before=hook)
    runtime.register_after_restore = lambda hook: calls.update(after=hook)
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", runtime)
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    monkeypatch.setattr(snapshots, "registered", Hooks())
    before_snapshot(lambda: None)
    assert calls == {"before": snapshot_runtime.prepare, "after": snapshot_runtime.renew}
    calls.clear()
    before_snapshot(lambda: None)
    after_restore(lambda: None)
    assert calls == {}


def test_what_is_registered_comes_first_last_or_after_a_restore(monkeypatch: pytest.MonkeyPatch) -> None:
    hooks = snapshot_hooks.recorded(monkeypatch)
    hooks.releases.clear()
    hooks.renewals.append(warm_up := lambda: None)
    before_snapshot(warm_up)
    before_snapshot(release := lambda: None, last=True)
    after_restore(renewal := lambda: None)
    assert (hooks.warm_ups, hooks.releases, hooks.renewals) == ([warm_up], [release], [warm_up, renewal])


def test_the_runtime_is_asked_by_whatever_registers_first(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(snapshot_runtime, "install", lambda: asked.append("install"))
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    for register in (after_restore, before_snapshot, partial(before_snapshot, last=True)):
        monkeypatch.setattr(snapshots, "registered", Hooks())
        register(lambda: None)
        register(lambda: None)
    assert asked == ["install"] * 3


def test_a_snapshot_holds_the_settings_that_every_invocation_asks_for(
    logged: Callable[[], list[dict[str, Any]]],
) -> None:
    snapshot_runtime.prepare(Hooks(warm_ups=[lambda: None]))
    assert ServiceSettings in settings._loaded
    (line,) = logged()
    assert (line["level"], line["warm_ups"]) == ("INFO", 1)
    assert 0 <= line["milliseconds"] < 60_000


def test_it_is_logged_how_long_a_restore_takes(
    logged: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([1.0, 1.0234567])
    monkeypatch.setattr("service_kit.snapshot_runtime.time.perf_counter", lambda: next(seconds))
    snapshot_runtime.renew(Hooks())
    assert logged()[0]["milliseconds"] == 23.457


def test_a_session_signs_with_what_the_environment_has_then(monkeypatch: pytest.MonkeyPatch) -> None:
    session = botocore.session.Session()
    credentials = use_late_credentials(session)
    found: Any = session.get_credentials()
    assert found is credentials
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "FIRST")
    assert found.get_frozen_credentials().access_key == "FIRST"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "SECOND")
    assert found.access_key == "FIRST"
    credentials.forget()
    assert found.access_key == "SECOND"


def test_credentials_that_are_looked_for_later_have_no_methods_of_pickle_and_copy() -> None:
    credentials = LateCredentials(lambda: pytest.fail("looked up"))
    with pytest.raises(AttributeError, match="__deepcopy__"):
        credentials.__deepcopy__  # noqa: B018, as copy does


def test_a_property_that_no_credentials_have_is_none() -> None:
    credentials = LateCredentials(lambda: FakeCredentials("A"))
    assert credentials.get_deferred_property("account_id")() is None
    assert credentials.get_deferred_property("access_key")() == "A"
    assert credentials.method == "lambda"


def test_renewals_are_called_after_a_restore(logged: Callable[[], list[dict[str, Any]]]) -> None:
    called: list[str] = []
    snapshot_runtime.renew(Hooks(renewals=[lambda: called.append("renewed")]))
    (line,) = logged()
    assert called == ["renewed"]
    assert (line["message"], line["renewals"]) == ("restored from the snapshot", 1)
    assert 0 <= line["milliseconds"] < 60_000


def test_random_goes_on_elsewhere_after_a_restore() -> None:
    random.seed(1)
    expected = random.getstate()
    snapshot_runtime.reseed_random()
    assert random.getstate() != expected


def test_tls_is_given_entropy_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[bytes, float]] = []
    monkeypatch.setattr(ssl, "RAND_add", lambda *arguments: given.append(arguments))
    snapshot_runtime.reseed_tls()
    snapshot_runtime.reseed_tls()
    (first, bits), (second, _) = given
    assert first != second
    assert bits == len(first) >= 32


def test_what_warm_ups_counted_is_nobodys_metric(logged: Callable[[], list[dict[str, Any]]]) -> None:
    invocation.metrics.add_metric(name="Warm", unit="Count", value=1)
    invocation.logger.append_keys(correlation_id="warm-up")
    snapshot_runtime.forget_reports()
    assert not invocation.metrics.metric_set
    assert logged() == []
    assert invocation.correlation_id() is None


def test_the_collector_is_left_alone_where_it_was_not_paused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lean_start._state, "begun", False)
    frozen = gc.get_freeze_count()
    snapshot_runtime.settle_collector()
    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen


def test_a_parameter_is_read_anew_after_it_was_forgotten() -> None:
    texts = iter(["old", "new"])
    parameter = Text(lambda _: "/a", fetch=lambda *_: next(texts))
    assert [parameter.get(), parameter.get()] == ["old", "old"]
    parameter.forget()
    assert parameter.get() == "new"


def test_clients_go_on_after_their_connections_were_closed() -> None:
    made: Any = clients.client("ssm")
    manager = made._endpoint.http_session._manager
    manager.connection_from_url("https://ssm.eu-central-1.amazonaws.com")
    assert len(manager.pools) == 1
    clients.close_connections()
    assert len(manager.pools) == 0
    manager.connection_from_url("https://ssm.eu-central-1.amazonaws.com")
    assert len(manager.pools) == 1
    clients.close_connections()


def test_late_credentials_are_looked_up_once_until_they_are_forgotten() -> None:
    found = iter([FakeCredentials("A"), FakeCredentials("B")])
    credentials = LateCredentials(lambda: next(found))
    assert [credentials.access_key, credentials.access_key] == ["A", "A"]
    credentials.forget()
    assert credentials.access_key == "B"


def test_late_credentials_are_not_looked_up_for_a_property_that_may_be_wanted_later() -> None:
    found = iter([FakeCredentials("A")])
    later = LateCredentials(lambda: next(found)).get_deferred_property("access_key")
    assert next(found).access_key == "A"
    with pytest.raises(StopIteration):
        later()


def test_no_credentials_anywhere_are_botocores_own_error() -> None:
    credentials = LateCredentials(lambda: None)
    with pytest.raises(NoCredentialsError):
        credentials.get_frozen_credentials()


def test_credentials_are_taken_from_the_endpoint_that_a_restored_function_has() -> None:
    program = """
import json, os, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
class Endpoint(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"AccessKeyId": self.headers["Authorization"], "SecretAccessKey": "s", "Token": "t",
                           "Expiration": "2099-01-01T00:00:00Z"}).encode()
        self.send_response(200); self.end_headers(); self.wfile.write(body)
    def log_message(self, *_): pass
server = HTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"http://127.0.0.1:{server.server_port}/credentials"
os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "before"
""" + (
        LIFE
        + "run(get_before_snapshot())\n"
        + "os.environ['AWS_CONTAINER_AUTHORIZATION_TOKEN'] = 'after'\n"
        + "run(get_after_restore())\n"
        + "print(clients.session().get_credentials().get_frozen_credentials().access_key)\n"
        + "server.shutdown(); server.server_close()\n"
    )
    assert said(program) == ["after"]
