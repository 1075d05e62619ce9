from datetime import UTC, datetime
from pathlib import Path

import pytest

from stagectl.releases.recorder import ReleaseRecorder

from ..fakes.released import STACK, ReleasedStack
from .conftest import GET, PLACE

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def recorder(stack: ReleasedStack, *, at: datetime = NOON, kept: int = 5) -> ReleaseRecorder:
    return ReleaseRecorder(stack.aliases, stack.functions, at, kept)


def release(stack: ReleasedStack, *moved: str, at: datetime = NOON, kept: int = 5) -> None:
    recording = recorder(stack, at=at, kept=kept)
    before = recording.begin(STACK)
    stack.deploy(*moved)
    recording.finish(STACK, before)


def descriptions(stack: ReleasedStack) -> dict[str, str]:
    return {function.name: function.description for function in stack.aliases.of_stack(STACK)}


def test_what_was_live_is_recorded_before_anything_is_deployed(stack: ReleasedStack) -> None:
    recorder(stack).begin(STACK)

    assert set(descriptions(stack).values()) == {"Release 2026-11-28T12:00:00Z: version 1 to ?"}


def test_what_has_become_live_is_recorded_after_it(stack: ReleasedStack) -> None:
    release(stack, PLACE, GET)

    assert set(descriptions(stack).values()) == {"Release 2026-11-28T12:00:00Z: version 1 to 2"}


def test_a_function_that_was_not_moved_keeps_the_record_of_the_release_that_did(stack: ReleasedStack) -> None:
    release(stack, PLACE, GET)
    release(stack, PLACE, at=NOON.replace(hour=13))

    assert descriptions(stack) == {
        PLACE: "Release 2026-11-28T13:00:00Z: version 2 to 3",
        GET: "Release 2026-11-28T12:00:00Z: version 1 to 2",
    }


def test_a_new_function_has_no_record(stack: ReleasedStack) -> None:
    release(stack, "orders-prod-rate-order")

    assert descriptions(stack)["orders-prod-rate-order"] == ""


def test_a_stack_that_does_not_exist_yet_has_nothing_to_record(stack: ReleasedStack) -> None:
    assert recorder(stack).begin("restaurants-prod") == []


def test_the_newest_versions_stay_and_older_ones_are_removed(
    stack: ReleasedStack, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        release(stack, PLACE)

    release(stack, PLACE, kept=3)

    assert stack.versions(PLACE) == ["3", "4", "5"]
    assert "orders-prod: removed 2 old versions of functions" in capsys.readouterr().err


def test_a_version_that_is_live_or_was_before_the_last_release_is_never_removed(stack: ReleasedStack) -> None:
    release(stack, PLACE)
    for _ in range(3):
        stack.deploy(PLACE)
    stack.point(PLACE, "2", v3=0.1)
    recording = recorder(stack, kept=1)
    recording.finish(STACK, stack.aliases.of_stack(STACK))

    # The newest; the two of the alias; and the one that its record names as the one before.
    assert stack.versions(PLACE) == ["1", "2", "3", "5"]


def of_stage(stage: str, *given: str, is_emulator: bool = False) -> ReleaseRecorder | None:
    return ReleaseRecorder.of_stage(Path(__file__).parents[4], stage, given, is_emulator=is_emulator)


def test_a_stage_without_releases_has_no_recorder(stack: ReleasedStack) -> None:
    assert of_stage("preview-x") is None
    assert of_stage("preview-x", "releases=true") is not None
    assert of_stage("prod", "releases=false") is None


@pytest.mark.parametrize(
    ("stage", "given", "is_emulator", "is_said"),
    [
        ("prod", "logLevel=INFO", False, True),
        ("prod", "logLevel=INFO", True, False),
        ("dev", "logLevel=INFO", False, False),
        ("dev", "othersTrafficShift=Linear10PercentEvery1Minute", False, True),
    ],
)
def test_whoever_waits_for_a_shift_reads_why(
    stack: ReleasedStack,
    capsys: pytest.CaptureFixture[str],
    stage: str,
    given: str,
    *,
    is_emulator: bool,
    is_said: bool,
) -> None:
    of_stage(stage, given, is_emulator=is_emulator)

    assert ("Traffic is shifted step by step" in capsys.readouterr().err) == is_said
