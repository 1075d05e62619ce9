"""A preview's whole life: in order, always taken down again, and written down."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from stagectl.checkout import Checkout
from stagectl.preview_life import acceptance
from stagectl.preview_life.acceptance import Acceptance, Step
from stagectl.system.child_process import Completed
from stagectl.targets.stage_name import is_valid

STAGE = "preview-accept-1"
STEPS = [Step("Up", ("up", "--stage", STAGE)), Step("Checked", ("smoke", "--stage", STAGE))]


class Stagectl:
    """Stands for the program: remembers what it was asked, and fails or is interrupted where told to."""

    def __init__(self, failing: str = "", interrupted: str = "") -> None:
        self.asked: list[str] = []
        self._failing = failing
        self._interrupted = interrupted

    def __call__(self, arguments: Sequence[str]) -> Completed:
        self.asked.append(arguments[0])
        if arguments[0] == self._interrupted:
            raise KeyboardInterrupt
        gone = self.asked.count("down") > 1
        output = f"Stage {STAGE} does not exist. Nothing to remove." if gone else "done by 123456789012"
        return Completed(int(arguments[0] == self._failing), output, 1.5)


def run(stagectl: Stagectl, steps: Sequence[Step] = STEPS) -> Acceptance:
    life = Acceptance(STAGE, "a test")
    acceptance.run(life, steps, stagectl)
    return life


def test_the_steps_are_taken_in_order_and_the_stage_goes_down_twice() -> None:
    stagectl = Stagectl()

    assert run(stagectl).passed
    assert stagectl.asked == ["up", "smoke", "down", "down"]


@pytest.mark.parametrize(("failing", "asked"), [("up", ["up"]), ("smoke", ["up", "smoke"])])
def test_after_a_failure_nothing_more_is_tried_and_the_stage_goes_down(
    failing: str, asked: list[str]
) -> None:
    stagectl = Stagectl(failing=failing)

    assert not run(stagectl).passed
    assert stagectl.asked == [*asked, "down", "down"]


@pytest.mark.parametrize("interrupted", ["up", "smoke"])
def test_after_an_interrupt_the_stage_goes_down(interrupted: str) -> None:
    stagectl = Stagectl(interrupted=interrupted)
    life = run(stagectl)

    assert (life.was_interrupted, life.passed) == (True, False)
    assert stagectl.asked[-2:] == ["down", "down"]


def test_what_failed_before_anything_was_deployed_takes_nothing_down() -> None:
    stagectl = Stagectl(failing="doctor")

    assert not run(stagectl, [Step("Ready", ("doctor",)), *STEPS]).passed
    assert stagectl.asked == ["doctor"]


def test_a_stage_that_does_not_go_down_or_leaves_something_fails_the_run() -> None:
    assert not run(Stagectl(failing="down")).passed

    life = run(Stagectl())
    life.left = [f"AWS::SQS::Queue {STAGE}-x"]
    assert not life.passed


def test_an_unchanged_stage_that_is_deployed_again_fails_the_run() -> None:
    steps = acceptance.steps_of(STAGE, quick=True, services=["auth", "orders"])
    again = next(step for step in steps if "without changes" in step.title)

    assert again.is_right(Completed(0, "auth  unchanged  0.1 s\norders  unchanged  0.1 s", 1))
    assert not again.is_right(Completed(0, "auth  unchanged  0.1 s\norders  deployed  9 s", 1))
    assert not again.is_right(Completed(1, "auth  unchanged\norders  unchanged", 1))


def test_a_quick_run_has_fewer_tests_and_the_same_steps() -> None:
    quick, full = (acceptance.steps_of(STAGE, quick=one, services=["orders"]) for one in (True, False))

    assert [step.title for step in quick] == [step.title for step in full]
    assert ("test", "--stage", STAGE) in [step.arguments for step in full]
    assert ("test", "--stage", STAGE, "-k", acceptance.QUICK_TESTS) in [step.arguments for step in quick]


def test_temporary_names_are_valid_short_and_never_the_same() -> None:
    names = {acceptance.temporary_name() for _ in range(20)}

    assert len(names) == 20
    assert all(is_valid(name) and len(name) <= 28 and name.startswith("preview-") for name in names)


def test_the_transcript_has_every_step_and_no_secret(checkout: Checkout) -> None:
    life = run(Stagectl(failing="smoke"))
    life.left = ["AWS::SQS::Queue https://sqs.eu-west-1.amazonaws.com/123456789012/x"]

    text = acceptance.transcript(life, checkout, {"AWS_SECRET_ACCESS_KEY": "done by plain"})

    assert "outcome: **failed**" in text
    assert f"`stagectl up --stage {STAGE}`: ok, exit code 0, 1.5 s" in text
    assert f"`stagectl smoke --stage {STAGE}`: FAILED, exit code 1, 1.5 s" in text
    assert "## Left behind" in text
    assert "123456789012" not in text
    assert str(checkout.root) not in text


def test_output_cannot_end_its_block_and_long_output_is_cut(checkout: Checkout) -> None:
    def stagectl(_: Sequence[str]) -> Completed:
        return Completed(0, "\n".join(["# no heading", *map(str, range(1000)), "```", "last"]), 1)

    life = Acceptance(STAGE, "a test")
    acceptance.run(life, STEPS[:1], stagectl)
    lines = acceptance.transcript(life, checkout, {}).splitlines()

    assert "    last" in lines
    assert "    ```" in lines
    assert "    … 803 lines" in lines
    assert "    5" not in lines


def test_credentials_of_the_environment_are_known_secrets(checkout: Checkout) -> None:
    life = Acceptance(STAGE, "place with odd-but-secret words")

    text = acceptance.transcript(life, checkout, {"AWS_SESSION_TOKEN": "odd-but-secret", "HOME": "words"})

    assert "odd-but-secret" not in text
    assert "words" in text


def test_the_checkouts_own_path_is_not_shown(checkout: Checkout, tmp_path: Path) -> None:
    text = acceptance.transcript(Acceptance(STAGE, f"in {tmp_path}/x"), checkout, {})

    assert "in <checkout>/x" in text
