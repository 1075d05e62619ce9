"""Fixtures of all scenarios: stage, mode and users."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from stagectl.targets import preview_name

from drivers.exchange import Driver
from drivers.in_process import InProcess
from drivers.over_http import OverHttp
from hostile.effort import Effort
from steps import given
from steps.shop.ready_driver import of_shop  # only-with-example-services
from support.end_to_end_queue import EndToEndQueue
from support.stage import Stage, StageNotFoundError, stage_under_test

HTTP, HANDLER = "http", "handler"
FAULT_STAGE = "faults"
pytest_plugins = ["steps.shop.fixtures"]  # only-with-example-services


def _mode() -> str:
    mode = os.environ.get("TEST_MODE", HTTP)
    if mode not in {HTTP, HANDLER}:
        raise pytest.UsageError(f"TEST_MODE is {mode!r}: set it to {HTTP} or {HANDLER}.")
    return mode


def pytest_report_header() -> str:
    """Return a header with the stage and the mode."""
    stage = stage_under_test()
    where = os.environ.get("AWS_ENDPOINT_URL", "AWS")
    taken = ", ".join(f"{service} from {base}" for service, base in _bases().items())
    return (
        f"stage: {stage.name}{f' with {taken}' if taken else ''} on {where} ({stage.region}), "
        f"mode: {_mode()}, hostile: {Effort.wanted()}"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize each test with all stages of a partial preview; the right one is selected below."""
    if "stage" in metafunc.fixturenames and _bases():
        stages = {stage_under_test().name, *_bases().values()}
        metafunc.parametrize("stage", sorted(stages), indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests that do not apply to this mode or target, and put those marked `last` at the end."""
    senseless = set()
    if _mode() == HANDLER:
        senseless |= {"http_only", "browser"}
    if stage_under_test().is_emulator:
        senseless.add("aws_only")
    if any(item.get_closest_marker(name) for item in items for name in ("edge", "around_edge")):
        senseless.add("around_edge" if stage_under_test().edge_url else "edge")
    if not stage_under_test().is_own_account:
        senseless.add("emulator_only")
    if stage_under_test().name != FAULT_STAGE:
        senseless.add("faults")
    if items and _mail_is_scarce():
        senseless.add("sends_mail")
    if _bases() or stage_under_test().name.startswith(preview_name.PREFIX):
        senseless.add("beside_previews")
    left_out = [
        item
        for item in items
        if any(item.get_closest_marker(name) for name in senseless)
        or _is_about_another_stage(item)
        or _is_about_nothing(item)
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


def _bases() -> dict[str, str]:
    """Return the base stage of each service that has one; none without a stage."""
    try:
        return stage_under_test().bases
    except (BotoCoreError, ClientError):
        return {}


def _mail_is_scarce() -> bool:
    """Whether the users' mail is Cognito's own, of which an account has 50 a day."""
    stage = stage_under_test()
    if stage.is_emulator:
        return False
    pool = stage.cognito.describe_user_pool(UserPoolId=stage.published("auth", "userPoolId"))["UserPool"]
    return pool.get("EmailConfiguration", {}).get("EmailSendingAccount") != "DEVELOPER"


def _is_about_another_stage(item: pytest.Item) -> bool:
    """Return whether a test's stage is not the one that its service is deployed to."""
    callspec = getattr(item, "callspec", None)
    if callspec is None or "stage" not in callspec.params:
        return False
    about = item.get_closest_marker("about")
    here = stage_under_test()
    home = here.home_of(about.args[0]) if about else here.name
    if callspec.params["stage"] != home:
        return True
    # What a base on AWS publishes is read by its own suite, and each message but once.
    return home != here.name and not here.is_emulator and "messages" in getattr(item, "fixturenames", ())


def _is_about_nothing(item: pytest.Item) -> bool:
    """Return whether a test is for each of what there is none of yet, such as a route."""
    marker = item.get_closest_marker("skip")
    return marker is not None and "empty parameter set" in marker.kwargs.get("reason", "")


@pytest.fixture(scope="session")
def stage(request: pytest.FixtureRequest) -> Stage:
    """The stage under test, or the part of it that a test is about; without it, nothing runs."""
    stage = stage_under_test()
    if hasattr(request, "param"):
        stage = replace(stage, name=request.param)
    try:
        stage.published("shared-infra", "eventBusName")
    except (StageNotFoundError, BotoCoreError, ClientError) as error:
        pytest.exit(f"No stage to test: {error}", returncode=pytest.ExitCode.USAGE_ERROR)
    return stage


@pytest.fixture(scope="session")
def driver(stage: Stage, request: pytest.FixtureRequest) -> Iterator[Driver]:
    """The driver for TEST_MODE."""
    with closing(OverHttp(stage)) as over_http:
        driver: Driver = InProcess(stage) if _mode() == HANDLER else over_http
        driver = of_shop(driver, over_http, stage, request)  # only-with-example-services
        yield driver


@pytest.fixture(scope="session")
def messages(stage: Stage) -> Iterator[EndToEndQueue]:
    """The messages of bus and topic since the start of the run."""
    queue = EndToEndQueue(stage)
    queue.start()
    yield queue
    queue.stop()


@pytest.fixture
def customer(stage: Stage) -> Iterator[given.User]:
    """A new customer."""
    with given.a_signed_in_user(stage) as user:
        yield user


@pytest.fixture
def another_customer(stage: Stage) -> Iterator[given.User]:
    """Another new customer."""
    with given.a_signed_in_user(stage) as user:
        yield user


@pytest.fixture(scope="module")
def any_customer(stage: Stage) -> Iterator[given.User]:
    """A customer for scenarios that leave nothing behind, the same for a whole module."""
    with given.a_signed_in_user(stage) as user:
        yield user


@pytest.fixture
def new_person(stage: Stage) -> Iterator[Callable[..., given.Person]]:
    """Makes people who may sign up; their users are removed afterwards."""
    with ExitStack() as stack:

        def make(**about: Any) -> given.Person:
            return stack.enter_context(given.removed_afterwards(stage, given.Person(**about)))

        yield make
