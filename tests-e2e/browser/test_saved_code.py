"""A saved file is served by the functions of a local stage, and a broken one is not; open pages show it."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Error, Page
from stagectl.checkout import Checkout
from stagectl.stages import lifecycle
from stagectl.watching import session

from browser.conftest import Watch
from support.polling import until
from support.stage import REPOSITORY, Stage

pytestmark = [
    pytest.mark.about("web"),
    pytest.mark.browser,
    pytest.mark.emulator_only,
    pytest.mark.around_edge,
]

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

    folder: Path
    handler: Path
    original: str
    url: str
    step: Callable[[], None]

    def save(self, text: str) -> None:
        """Save the handler."""
        save(self.handler, text)

    def page(self) -> str:
        return httpx.get(self.url, timeout=WITHIN_SECONDS).raise_for_status().text

    def page_after_a_step(self) -> str:
        self.step()
        return self.page()


def save(file: Path, text: str) -> None:
    """Save as editors do: into another file, which then takes the name."""
    unfinished = file.with_suffix(".tmp")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(file)


@pytest.fixture(scope="module")
def watched(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Other deployments package the checkout meanwhile, so a copy is edited."""
    tmp_path = tmp_path_factory.mktemp("checkout")
    checkout = Checkout(tmp_path)
    folder = tmp_path / "services" / "web"
    shutil.copytree(REPOSITORY / "services" / "web", folder, ignore=shutil.ignore_patterns(".serverless"))
    for shared in ("libs", "node_modules"):
        (tmp_path / shared).symlink_to(REPOSITORY / shared)
    checkout.emulator_python.parent.mkdir(parents=True)
    checkout.emulator_python.symlink_to(Checkout(REPOSITORY).emulator_python)
    found = lifecycle.find(Checkout(REPOSITORY), stage.name, use_emulator=True, only=["web"])
    handler = folder / "web" / "handlers" / "get_restaurant_page.py"
    original = handler.read_text(encoding="utf-8")
    url = f"{stage.service_url('web')}/restaurant"
    copied = replace(found, stacks={"web": replace(found.stacks["web"], folder=folder)})
    with (
        _functions_as_before(stage, found.stacks["web"].functions),
        session.serving_changes(checkout, copied) as step,
    ):
        yield Watched(folder, handler, original, url, step)


@contextmanager
def _functions_as_before(stage: Stage, functions: Sequence[str]) -> Iterator[None]:
    """Put back the package that was deployed: pages of a watched stage also reload."""
    names = [stage.name_on_stage("web", function) for function in functions]
    location = stage.lambda_.get_function(FunctionName=names[0])["Code"]["Location"]
    package = httpx.get(location, timeout=WITHIN_SECONDS).raise_for_status().content
    try:
        yield
    finally:
        for name in names:
            stage.lambda_.update_function_code(FunctionName=name, ZipFile=package)


def _is_served(watched: Watched) -> None:
    until(
        watched.page_after_a_step,
        lambda page: "<!-- saved -->" in page,
        within_seconds=WITHIN_SECONDS,
        what="the saved page",
    )


def test_a_saved_handler_is_served_and_a_broken_one_is_not(
    watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "<!-- saved -->" not in watched.page()

    watched.save(watched.original + ADDED)
    _is_served(watched)

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


def _shows(page: Page, expression: str) -> bool:
    try:
        return bool(page.evaluate(expression))
    except Error:  # while it loads
        return False


def test_an_open_page_shows_a_saved_template_style_and_script(
    watched: Watched, stage: Stage, browser: Browser
) -> None:
    page = browser.new_page()
    watch = Watch(page, None)
    page.goto(f"{stage.service_url('web')}/restaurant")
    template = watched.folder / "web" / "templates" / "restaurant.html"
    style = watched.folder / "web" / "assets" / "restaurant.css"
    script = watched.folder / "scripts" / "app.js"
    texts = {file: file.read_text(encoding="utf-8") for file in (template, style, script)}

    def is_shown_after_a_step() -> bool:
        watched.step()
        return _shows(
            page,
            "document.querySelector('#saved') !== null && window.saved === 1"
            " && getComputedStyle(document.documentElement).getPropertyValue('--saved').trim() === '1'",
        )

    watched.save(watched.original)
    save(template, texts[template].replace("</main>", "<i id=saved></i></main>"))
    save(style, f"{texts[style]}:root {{ --saved: 1; }}\n")
    save(script, f"{texts[script]}window.saved = 1;\n")

    until(is_shown_after_a_step, bool, within_seconds=WITHIN_SECONDS, what="the saved page")
    assert watch.errors == []
    page.close()


def test_an_open_page_stays_while_a_script_is_broken(
    watched: Watched, stage: Stage, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    page = browser.new_page()
    page.goto(f"{stage.service_url('web')}/restaurant")
    page.evaluate("window.isStillOpen = true")
    script = watched.folder / "scripts" / "words.js"
    text = script.read_text(encoding="utf-8")

    def fault_after_a_step() -> str:
        watched.step()
        return capsys.readouterr().err

    save(script, f"const = 1;\n{text}")

    printed = until(
        fault_after_a_step,
        lambda text: "not replaced" in text,
        within_seconds=WITHIN_SECONDS,
        what="the fault",
    )
    assert 'scripts/words.js:1: Expected identifier but found "="' in printed
    assert _shows(page, "window.isStillOpen")
    save(script, text)
    page.close()


def test_an_open_page_that_would_be_an_error_stays_until_it_is_mended(
    watched: Watched, stage: Stage, browser: Browser
) -> None:
    page, messages = browser.new_page(), list[str]()
    page.on("console", lambda message: messages.append(message.text))
    page.goto(f"{stage.service_url('web')}/restaurant")
    page.evaluate("window.isStillOpen = true")
    template = watched.folder / "web" / "templates" / "restaurant.html"
    text = template.read_text(encoding="utf-8")

    def message_after_a_step() -> bool:
        watched.step()
        page.evaluate("1")  # messages arrive with answers
        return any("this page answers 500" in message for message in messages)

    def is_reloaded_after_a_step() -> bool:
        watched.step()
        return _shows(page, "!window.isStillOpen")

    save(template, text.replace("</main>", "{{ nothing_like_this }}</main>"))
    until(message_after_a_step, bool, within_seconds=WITHIN_SECONDS, what="the message")
    assert _shows(page, "window.isStillOpen")

    save(template, text)
    until(is_reloaded_after_a_step, bool, within_seconds=WITHIN_SECONDS, what="the mended page")
    assert len([message for message in messages if "this page answers" in message]) == 1
    page.close()
