from collections.abc import Iterator
from pathlib import Path

import pytest

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.watching.browser_bundles import BrowserBundles

BUNDLE = "custom: {browserBundle: {entryPoints: [scripts/app.js], outdir: web/assets}}"


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "serverless.yml").write_text(BUNDLE)
    return Stack("web", tmp_path)


@pytest.fixture
def bundles() -> Iterator[BrowserBundles]:
    made = BrowserBundles(Checkout.of_this_file())
    yield made
    made.close()


def save(stack: Stack, text: str) -> None:
    (stack.folder / "scripts" / "app.js").write_text(text)


def bundled(stack: Stack) -> str:
    return (stack.folder / "web" / "assets" / "app.js").read_text()


def test_a_script_is_bundled_again_by_the_same_program(stack: Stack, bundles: BrowserBundles) -> None:
    for word in ("first", "second"):
        save(stack, f"console.log('{word}');\n")

        assert bundles.faults(stack) == []
        assert word in bundled(stack)


def test_a_script_with_a_fault_is_found_at_its_line_and_the_one_before_stays(
    stack: Stack, bundles: BrowserBundles
) -> None:
    save(stack, "console.log('before');\n")
    bundles.faults(stack)
    save(stack, "const one = 1;\nconst two = ;\n")

    (fault,) = bundles.faults(stack)

    assert fault.endswith('scripts/app.js:2: Unexpected ";"')
    assert "before" in bundled(stack)


def test_a_service_without_scripts_has_no_faults(stack: Stack, bundles: BrowserBundles) -> None:
    (stack.folder / "serverless.yml").write_text("service: web")

    assert bundles.faults(stack) == []


def test_after_a_fault_and_a_new_file_it_bundles_what_is_there(stack: Stack, bundles: BrowserBundles) -> None:
    save(stack, "import { word } from './words.js';\nconsole.log(word);\n")
    (fault,) = bundles.faults(stack)
    (stack.folder / "scripts" / "words.js").write_text("export const word = 'mended';\n")

    assert 'Could not resolve "./words.js"' in fault
    assert bundles.faults(stack) == []
    assert "mended" in bundled(stack)
