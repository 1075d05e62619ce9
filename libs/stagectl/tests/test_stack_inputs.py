import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from stagectl import services
from stagectl.checkout import Checkout
from stagectl.stack_inputs import StackInputs, tools_of

Write = Callable[[str, str], Path]

ORDERS = """
    service: orders
    custom:
      shared: ${file(../../shared-infra/defaults.yml)}
      region: ${env:WANTED_REGION}
      browserBundle: {entry: web/app.js, outfile: orders/assets/app.js}
"""


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("services/orders/serverless.yml", ORDERS)
    write("services/orders/orders/wiring.py", "")
    write("services/auth/serverless.yml", "service: auth")
    write("shared-infra/defaults.yml", "x: ${AWS::Region}")
    write("shared-infra/target.cjs", "process.env.FROM_SCRIPT; `${capital(1)}`; resolveVariable('sls:stage')")
    write("libs/service_kit/service_kit/http.py", "")
    write("libs/serverless_plugins/artifact.cjs", "")


def digest(
    checkout: Checkout,
    *,
    stage: str = "dev",
    parameters: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    tools: str = "",
) -> str | None:
    inputs = StackInputs(
        checkout, stage=stage, parameters=parameters, environment=environment or {}, tools=tools
    )
    return inputs.digest(services.discover(checkout.root)["orders"])


@pytest.mark.parametrize(
    "path",
    [
        "services/orders/orders/wiring.py",
        "services/orders/serverless.yml",
        "services/orders/orders/untracked.log",
        "services/orders/.env",
        "services/orders/resources/table.yml",
        "services/orders/requirements.txt",
        "services/orders/web/app.js",
        "libs/service_kit/service_kit/http.py",
        "libs/serverless_plugins/artifact.cjs",
        "shared-infra/params.yml",
        "package-lock.json",
    ],
)
def test_a_file_that_is_added_or_edited_makes_another_deployment(
    checkout: Checkout, write: Write, path: str
) -> None:
    before = digest(checkout)
    write(path, f"{ORDERS}# edited")
    assert digest(checkout) not in {before, None}


def test_a_file_that_is_gone_or_renamed_makes_another_deployment(checkout: Checkout) -> None:
    before = digest(checkout)
    file = checkout.root / "services/orders/orders/wiring.py"
    file.rename(file.with_name("wires.py"))
    renamed = digest(checkout)
    file.with_name("wires.py").unlink()
    assert len({before, renamed, digest(checkout)}) == 3


def test_a_file_elsewhere_that_a_template_includes_makes_another_deployment(
    checkout: Checkout, write: Write
) -> None:
    write("services/orders/serverless.yml", f"{ORDERS}      more: ${{file(../../elsewhere/more.yml):a}}")
    before = digest(checkout)
    write("elsewhere/more.yml", "a: 1")
    added = digest(checkout)
    write("elsewhere/more.yml", "a: 2")
    assert len({before, added, digest(checkout)}) == 3


@pytest.mark.parametrize("name", ["WANTED_REGION", "FROM_SCRIPT", "AWS_REGION", "SLS_X", "NODE_OPTIONS"])
def test_a_variable_that_counts_makes_another_deployment(checkout: Checkout, name: str) -> None:
    values = [digest(checkout, environment=environment) for environment in ({}, {name: "a"}, {name: "b"})]
    assert len(set(values)) == 3


def test_stage_parameters_and_tools_make_another_deployment(checkout: Checkout) -> None:
    values = [
        digest(checkout),
        digest(checkout, stage="prod"),
        digest(checkout, parameters=["a=1"]),
        digest(checkout, parameters=["a=2"]),
        digest(checkout, tools="node 22"),
    ]
    assert len(set(values)) == len(values)


@pytest.mark.parametrize(
    "path",
    [
        "services/orders/.serverless/orders.zip",
        "services/orders/orders/__pycache__/wiring.cpython-311.pyc",
        "services/orders/orders/assets/app.js",
        "services/auth/auth/wiring.py",
        "docs/decisions.md",
    ],
)
def test_what_packaging_makes_and_what_is_of_others_does_not_count(
    checkout: Checkout, write: Write, path: str
) -> None:
    before = digest(checkout)
    write(path, "")
    assert digest(checkout) == before


def test_variables_that_nothing_names_and_a_deployments_tags_do_not_count(checkout: Checkout) -> None:
    environment = {"SHLVL": "2", "AWS_SESSION_TOKEN": "x", "BIGMOUTH_TAGS": '{"commit": "1"}'}
    assert digest(checkout, environment=environment) == digest(checkout)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("services/orders/resources/a.yml", "a: ${ssm:/orders/dev/x}"),
        ("services/orders/resources/a.yml", "a: ${cf:orders-dev.Url}"),
        ("services/orders/resources/a.yml", "a: ${file(./${sls:stage}.yml)}"),
        ("shared-infra/deployer.cjs", "await resolveVariable('ssm:/orders/dev/x')"),
    ],
)
def test_what_only_sls_can_find_out_is_not_told(
    checkout: Checkout, write: Write, path: str, text: str
) -> None:
    write(path, text)
    assert digest(checkout) is None


def test_a_folder_that_is_a_link_is_not_told(checkout: Checkout, tmp_path: Path) -> None:
    (checkout.root / "services/orders/orders/linked").symlink_to(tmp_path)
    assert digest(checkout) is None


def test_the_tools_of_this_checkout_are_told_by_their_versions() -> None:
    told = tools_of(Checkout.of_this_file(), os.environ)
    assert told is not None
    assert "osls" in told


def test_the_tools_of_a_checkout_that_is_not_set_up_are_not_told(checkout: Checkout) -> None:
    assert tools_of(checkout, {"PATH": ""}) is None
