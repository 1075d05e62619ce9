"""Functions that go on from a snapshot: what is registered, what is prepared, and what differs afterwards."""

import json
import os
import random
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from devtools import snapshot_hooks
from service_kit import invocation, snapshots, startup
from service_kit.aws import _clients as clients
from service_kit.parameters import Text
from service_kit.snapshots import Hooks, after_restore, before_snapshot

PACKAGE = Path(__file__).parent.parent


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
            "POWERTOOLS_SERVICE_NAME": "orders",
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
from service_kit import startup; startup.pause_collector()
import gc, random
from snapshot_restore_py import get_after_restore, get_before_snapshot
from service_kit import parameters
from service_kit.aws import _clients as clients, _signed_http as signed_http
startup.at_start(lambda: clients.table("orders"))

def run(hooks):
    for function, arguments, keywords in hooks:
        function(*arguments, **keywords)
"""


def test_nothing_is_remembered_of_a_function_that_is_started_as_usual() -> None:
    before_snapshot(lambda: None)
    after_restore(lambda: None)
    assert snapshots.registered == Hooks()


def test_a_function_that_is_started_as_usual_imports_nothing_for_snapshots() -> None:
    program = LIFE + ("import sys; print([name for name in ('snapshot_restore_py',) if name in sys.modules])")
    program = program.replace("from snapshot_restore_py import get_after_restore, get_before_snapshot\n", "")
    assert said(program, AWS_LAMBDA_INITIALIZATION_TYPE="on-demand") == ["[]"]


def test_the_runtime_is_given_one_hook_for_each_side() -> None:
    program = LIFE + "print([h[0].__name__ for h in get_before_snapshot() + get_after_restore()])"
    assert said(program) == ["['prepare', 'renew']"]


def test_clients_are_in_the_snapshot() -> None:
    program = LIFE + (
        "before = sorted(clients._clients), sorted(clients._tables)\n"
        "made = [clients.client('ssm'), clients.table('orders')]\n"
        "run(get_before_snapshot()); run(get_after_restore())\n"
        "print(before, [clients.client('ssm'), clients.table('orders')] == made)\n"
    )
    assert said(program) == ["(['ssm'], ['orders']) True"]


def test_the_pool_for_other_services_is_in_the_snapshot() -> None:
    program = LIFE + (
        "run(get_before_snapshot())\n"
        "made = signed_http._http_session.cache_info().misses\n"
        "signed_http._http_session(signed_http.DEFAULT_TIMEOUT_SECONDS)\n"
        "print(made, signed_http._http_session.cache_info().misses)\n"
    )
    assert said(program) == ["1 1"]


def test_the_collector_works_again_after_the_snapshot() -> None:
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


def test_what_must_not_be_in_a_copy_is_released_before_the_snapshot(
    capsys: pytest.CaptureFixture[str],
) -> None:
    called: list[str] = []
    snapshots.prepare(Hooks(releases=[lambda: called.append("first"), lambda: called.append("second")]))
    assert called == ["first", "second"]
    assert json.loads(capsys.readouterr().out)["message"] == "ready for the snapshot"


def test_a_release_that_fails_fails_the_snapshot() -> None:
    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        snapshots.prepare(Hooks(releases=[fail]))


def test_the_runtime_is_asked_to_call_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: dict[str, object] = {}
    runtime: Any = ModuleType("snapshot_restore_py")
    runtime.register_before_snapshot = lambda hook: calls.update(before=hook)
    runtime.register_after_restore = lambda hook: calls.update(after=hook)
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", runtime)
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    monkeypatch.setattr(snapshots, "registered", Hooks())
    before_snapshot(lambda: None)
    assert calls == {"before": snapshots.prepare, "after": snapshots.renew}
    calls.clear()
    before_snapshot(lambda: None)
    after_restore(lambda: None)
    assert calls == {}


def test_what_is_registered_comes_before_a_snapshot_or_after_a_restore(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hooks = snapshot_hooks.recorded(monkeypatch)
    hooks.releases.clear()
    hooks.renewals.append(first := lambda: None)
    before_snapshot(release := lambda: None)
    after_restore(renewal := lambda: None)
    assert (hooks.releases, hooks.renewals) == ([release], [first, renewal])


def test_the_runtime_is_asked_by_whatever_registers_first(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(snapshots, "install", lambda: asked.append("install"))
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    for register in (after_restore, before_snapshot):
        monkeypatch.setattr(snapshots, "registered", Hooks())
        register(lambda: None)
        register(lambda: None)
    assert asked == ["install"] * 2


def test_a_snapshot_holds_the_settings_that_every_invocation_asks_for() -> None:
    program = LIFE + "from service_kit import settings; print([cls.__name__ for cls in settings._loaded])"
    assert said(program) == ["['ServiceSettings']"]


def test_it_is_logged_how_much_a_snapshot_holds(
    logged: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(startup, "made", [lambda: None])
    snapshots.prepare(Hooks())
    (line,) = logged()
    assert (line["level"], line["warm_ups"]) == ("INFO", 1)
    assert 0 <= line["milliseconds"] < 60_000


def test_it_is_logged_how_long_a_restore_takes(
    logged: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([1.0, 1.0234567])
    monkeypatch.setattr("service_kit.snapshots.time.perf_counter", lambda: next(seconds))
    snapshots.renew(Hooks())
    assert logged()[0]["milliseconds"] == 23.457


def test_renewals_are_called_after_a_restore(logged: Callable[[], list[dict[str, Any]]]) -> None:
    called: list[str] = []
    snapshots.renew(Hooks(renewals=[lambda: called.append("renewed")]))
    (line,) = logged()
    assert called == ["renewed"]
    assert (line["message"], line["renewals"]) == ("restored from the snapshot", 1)
    assert 0 <= line["milliseconds"] < 60_000


def test_random_goes_on_elsewhere_after_a_restore() -> None:
    random.seed(1)
    expected = random.getstate()
    snapshots.reseed_random()
    assert random.getstate() != expected


def test_tls_is_given_entropy_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[bytes, float]] = []
    monkeypatch.setattr(ssl, "RAND_add", lambda *arguments: given.append(arguments))
    snapshots.reseed_tls()
    snapshots.reseed_tls()
    (first, bits), (second, _) = given
    assert first != second
    assert bits == len(first) >= 32


def test_what_warm_ups_counted_is_nobodys_metric(logged: Callable[[], list[dict[str, Any]]]) -> None:
    invocation.metrics.add_metric(name="Warm", unit="Count", value=1)
    invocation.logger.append_keys(correlation_id="warm-up")
    snapshots.forget_reports()
    assert not invocation.metrics.metric_set
    assert logged() == []
    assert invocation.correlation_id() is None


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


def test_a_restored_function_renews_credentials_that_are_about_to_expire() -> None:
    program = """
import json, os, threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
class Endpoint(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"AccessKeyId": self.headers["Authorization"], "SecretAccessKey": "s", "Token": "t",
                           "Expiration": os.environ["EXPIRATION"]}).encode()
        self.send_response(200); self.end_headers(); self.wfile.write(body)
    def log_message(self, *_): pass
server = HTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"http://127.0.0.1:{server.server_port}/credentials"
os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "before"
""" + (
        "os.environ['EXPIRATION'] = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()\n"
        + LIFE
        + "signs_with = lambda: clients.session().get_credentials().get_frozen_credentials().access_key\n"
        + "print(signs_with())\n"
        + "run(get_before_snapshot())\n"
        + "os.environ['EXPIRATION'] = '2099-01-01T00:00:00Z'\n"
        + "os.environ['AWS_CONTAINER_AUTHORIZATION_TOKEN'] = 'after'\n"
        + "run(get_after_restore())\n"
        + "print(signs_with())\n"
        + "server.shutdown(); server.server_close()\n"
    )
    assert said(program) == ["before", "after"]
