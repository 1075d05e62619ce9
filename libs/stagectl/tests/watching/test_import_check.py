import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stagectl.checkout import Checkout
from stagectl.watching.import_check import ImportCheck

HANDLER = "menu/handlers/show.py"


@dataclass(frozen=True)
class Service:
    """A service, checked by the real program in this interpreter."""

    folder: Path
    check: ImportCheck

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def faults(self, *changed: Path) -> list[str]:
        functions = {"show": {"handler": "menu.handlers.show.handle", "environment": {"TABLE": "menu"}}}
        return [fault.rpartition("services/")[2] for fault in self.check.faults(changed, functions)]


@pytest.fixture
def service(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(Checkout, "import_check", Checkout.of_this_file().import_check)
    # By its own path: by a link it would not have its packages.
    monkeypatch.setattr(Checkout, "emulator_python", Path(sys.executable))
    folder = checkout.root / "services" / "menu"
    libraries = checkout.root / "libraries"
    libraries.mkdir()
    (libraries / "bundled.py").write_text("import os\nSEEN = os.environ.get('TABLE')\n")
    check = ImportCheck(checkout, folder, libraries)
    made = Service(folder, check)
    made.write(HANDLER, "def handle(): ...\n")
    yield made
    check.close()


def test_a_handler_that_can_be_imported_has_no_fault(service: Service) -> None:
    service.write(HANDLER, "import os, bundled\nos.environ['TABLE']\ndef handle(): ...\n")

    assert service.faults() == []


def test_a_syntax_error_is_found_at_its_line(service: Service) -> None:
    other = service.write("menu/domain.py", "ONE = 1\nTWO = (\n")

    (fault,) = service.faults(other)

    assert fault.startswith("menu/menu/domain.py:2: '(' was never closed")


def test_an_import_error_is_found_at_its_line(service: Service) -> None:
    service.write(HANDLER, "import os\nfrom menu import nothing\n")

    (fault,) = service.faults()

    assert fault.startswith("menu/menu/handlers/show.py:2: ImportError: cannot import name 'nothing'")


def test_a_repaired_handler_is_imported_again(service: Service) -> None:
    service.write(HANDLER, "1 / 0\n")
    assert service.faults() == [f"menu/{HANDLER}:1: ZeroDivisionError: division by zero (function show)"]

    service.write(HANDLER, "def handle(): ...\n")

    assert service.faults() == []


def test_a_module_that_ends_the_interpreter_is_a_fault(service: Service) -> None:
    service.write(HANDLER, "import os\nos._exit(0)\n")

    assert service.faults() == [
        "menu: its handlers ended the interpreter, or took longer to import than 10 s"
    ]


def test_what_modules_print_does_not_mix_with_the_answer(service: Service) -> None:
    service.write(HANDLER, "print('hello')\nimport sys\nsys.stdout.flush()\ndef handle(): ...\n")

    assert service.faults() == []


def test_a_template_that_jinja_cannot_read_is_found_at_its_line(service: Service) -> None:
    page = service.write("menu/templates/page.html", "<h1>\n{% if %}\n")

    (fault,) = service.faults(page)

    assert fault.startswith("menu/menu/templates/page.html:2: Expected an expression")


def test_json_that_cannot_be_read_is_found_at_its_line(service: Service) -> None:
    texts = service.write("menu/texts.json", '{\n  "title": \n}\n')

    assert service.faults(texts) == ["menu/menu/texts.json:3: Expecting value"]


def test_a_template_without_a_fault_imports_no_handler(service: Service) -> None:
    service.write(HANDLER, "1 / 0\n")
    page = service.write("menu/templates/page.html", "{{ day|upper }}")

    assert service.faults(page) == []


def test_a_template_with_an_unknown_filter_is_right_when_handlers_start_with_it(service: Service) -> None:
    page = service.write("menu/templates/page.html", "{{ price|euros }}")
    assert service.faults(page) == []

    service.write(HANDLER, f"import jinja2\njinja2.Template({page.read_text()!r})\n")

    (fault,) = service.faults(page)
    assert "TemplateAssertionError: No filter named 'euros'." in fault


@pytest.mark.parametrize("name", ["menu/texts.json", "menu/templates/page.html", "menu/page.css"])
def test_handlers_are_imported_without_a_file_that_was_removed(service: Service, name: str) -> None:
    service.write(HANDLER, f"open({name!r})\n")

    (fault,) = service.faults(service.folder / name)

    assert fault.startswith(f"menu/{HANDLER}:1: FileNotFoundError")


def test_what_functions_have_in_common_is_said_once(service: Service) -> None:
    service.write(HANDLER, "1 / 0\n")
    functions = {name: {"handler": "menu.handlers.show.handle", "environment": {}} for name in ("a", "b")}

    (fault,) = service.check.faults([], functions)

    assert fault.endswith(": division by zero (functions a, b)")
