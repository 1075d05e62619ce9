"""A saved file is served by the functions of a local stage, and a broken one is not."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from stagectl.checkout import Checkout
from stagectl.stages import lifecycle
from stagectl.watching import session

from support.polling import until
from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.about("web"), pytest.mark.http_only, pytest.mark.emulator_only]

WITHIN_SECONDS = 30
ADDED = """
_before = handle


def handle(event, context):
    answer = _before(event, context)
    return answer | {"body": answer["body"] + "<!-- saved -->"}
"""


@dataclass(frozen=True)
class Watched:
    """A copy of the service, watched, whose code the stage serves."""

    handler: Path
    original: str
    url: str
    step: Callable[[], None]

    def save(self, text: str) -> None:
        """Save as editors do: into another file, which then takes the name."""
        unfinished = self.handler.with_suffix(".tmp")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(self.handler)

    def page(self) -> str:
        return httpx.get(self.url, timeout=WITHIN_SECONDS).raise_for_status().text

    def page_after_a_step(self) -> str:
        self.step()
        return self.page()


@pytest.fixture
def watched(stage: Stage, tmp_path: Path) -> Iterator[Watched]:
    """Other deployments package the checkout meanwhile, so a copy is edited."""
    checkout = Checkout(tmp_path)
    folder = tmp_path / "services" / "web"
    shutil.copytree(REPOSITORY / "services" / "web", folder, ignore=shutil.ignore_patterns(".serverless"))
    (tmp_path / "libs").symlink_to(REPOSITORY / "libs")
    checkout.emulator_python.parent.mkdir(parents=True)
    checkout.emulator_python.symlink_to(Checkout(REPOSITORY).emulator_python)
    found = lifecycle.find(Checkout(REPOSITORY), stage.name, use_emulator=True, only=["web"])
    handler = folder / "web" / "handlers" / "get_restaurant_page.py"
    original = handler.read_text(encoding="utf-8")
    url = f"{stage.service_url('web')}/restaurant"
    copied = replace(found, stacks={"web": replace(found.stacks["web"], folder=folder)})
    with ExitStack() as clean_up:
        step = clean_up.enter_context(session.serving_changes(checkout, copied))
        made = Watched(handler, original, url, step)
        clean_up.callback(_restore, made)
        yield made


def _restore(watched: Watched) -> None:
    watched.save(watched.original)
    _served(watched, is_saved=False)


def _served(watched: Watched, *, is_saved: bool) -> None:
    until(
        watched.page_after_a_step,
        lambda page: ("<!-- saved -->" in page) is is_saved,
        within_seconds=WITHIN_SECONDS,
        what="the saved page",
    )


def test_a_saved_handler_is_served_and_a_broken_one_is_not(
    watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "<!-- saved -->" not in watched.page()

    watched.save(watched.original + ADDED)
    _served(watched, is_saved=True)

    def fault_after_a_step() -> str:
        watched.step()
        return capsys.readouterr().err

    watched.save("import nothing_like_this\n(")
    printed = until(
        fault_after_a_step,
        lambda text: "not replaced" in text,
        within_seconds=WITHIN_SECONDS,
        what="the fault",
    )
    assert "web/handlers/get_restaurant_page.py:2: '(' was never closed" in printed
    assert "<!-- saved -->" in watched.page()
