from dataclasses import replace
from pathlib import Path

import pytest

from stagectl.checkout.services import Stack
from stagectl.watching.changes import Work, work_of

ROOT = Path("/checkout")
STACKS = {
    "shared-infra": Stack("shared-infra", ROOT / "shared-infra"),
    "orders": Stack("orders", ROOT / "services" / "orders"),
    "menu-cards": Stack("menu-cards", ROOT / "services" / "menu"),
}
ALL = frozenset(STACKS)


def work(*paths: str) -> Work:
    found = work_of(ROOT, STACKS, [ROOT / path for path in paths], generated_from=["texts"])
    return replace(found, templates={})


def test_a_python_file_replaces_the_code_of_its_service() -> None:
    assert work("services/orders/orders/domain/order.py") == Work(replace=frozenset({"orders"}))


def test_a_package_is_found_by_the_name_of_its_service() -> None:
    assert work("services/menu/menu_cards/settings.py") == Work(replace=frozenset({"menu-cards"}))


def test_the_shared_library_replaces_the_code_of_all() -> None:
    assert work("libs/service_kit/service_kit/http/_handler.py") == Work(replace=ALL)


@pytest.mark.parametrize(
    "file", ["serverless.yml", "resources/tables.yml", "schemas/a.json", "requirements.txt"]
)
def test_what_a_template_is_made_from_deploys_the_service(file: str) -> None:
    assert work(f"services/orders/{file}") == Work(deploy=frozenset({"orders"}))


def test_a_script_for_browsers_is_bundled() -> None:
    assert work("services/orders/scripts/page.js") == Work(bundle=frozenset({"orders"}))


def test_the_files_that_ask_for_a_deployment_are_named_with_their_stacks() -> None:
    file = ROOT / "services" / "orders" / "resources" / "tables.yml"

    assert work_of(ROOT, STACKS, [file, file.with_suffix(".md")]).templates == {file: {"orders"}}


@pytest.mark.parametrize("name", ["docs.js", "docs.css"])
def test_a_script_that_only_a_deployment_stores_deploys_the_service(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "services" / "web"
    folder.mkdir(parents=True)
    (folder / "serverless.yml").write_text("custom: {storedBundle: {entryPoints: [scripts/docs.js]}}")

    changed = work_of(tmp_path, {"web": Stack("web", folder)}, [folder / "scripts" / name])

    assert changed.deploy == {"web"}


def test_a_text_that_files_are_generated_from_generates_them() -> None:
    assert work("services/orders/texts/terms/1.md") == Work(generate=frozenset({"orders"}))


def test_a_new_service_is_deployed(tmp_path: Path) -> None:
    folder = tmp_path / "services" / "payments"
    folder.mkdir(parents=True)
    (folder / "serverless.yml").write_text("service: payments")

    assert work_of(tmp_path, {}, [folder / "serverless.yml"]).deploy == {"payments"}


def test_a_stage_parameter_deploys_all() -> None:
    assert work("shared-infra/params.yml") == Work(deploy=ALL)


def test_a_deployment_brings_the_code_with_it() -> None:
    changed = work("services/orders/serverless.yml", "services/orders/orders/settings.py")

    assert changed == Work(deploy=frozenset({"orders"}))


@pytest.mark.parametrize(
    "path",
    [
        "services/orders/README.md",
        "services/orders/tests/test_order.py",
        "services/orders/.serverless/orders.json",
        "services/orders/.docs/docs.js",
        "services/orders/orders/__pycache__/settings.cpython-311.pyc",
        "services/unknown/serverless.yml",
        "shared-infra/README.md",
    ],
)
def test_other_files_change_nothing(path: str) -> None:
    assert work(path) == Work()
