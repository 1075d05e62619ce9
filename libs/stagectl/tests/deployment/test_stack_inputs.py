import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from stagectl.checkout import Checkout, services
from stagectl.deployment.stack_inputs import StackInputs, tools_of

Write = Callable[[str, str], Path]

ORDERS = """
    service: orders
    custom:
      shared: ${file(../../shared-infra/defaults.yml)}
      region: ${env:WANTED_REGION}
      browserBundle: {entryPoints: [web/app.js, web/staff.js], outdir: orders/assets}
      storedBundle: {entryPoints: [web/docs.js], outdir: .docs, names: orders/docs_files.json}
"""


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("services/orders/serverless.yml", ORDERS)
    write("services/orders/orders/wiring.py", "")
    write("services/auth/serverless.yml", "service: auth")
    write("shared-infra/defaults.yml", "x: ${AWS::Region}")
    write(
        "shared-infra/target.cjs",
        "process.env.FROM_SCRIPT; env.TAKEN_APART; env.PATH; `${capital(1)}`; resolveVariable('sls:stage')",
    )
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
        # The bundle that is stored describes the APIs of all services.
        "services/auth/openapi.json",
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


@pytest.mark.parametrize(
    "name", ["WANTED_REGION", "FROM_SCRIPT", "TAKEN_APART", "AWS_REGION", "AWS_ENDPOINT_URL"]
)
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
        "services/orders/orders/assets/staff.js",
        "services/orders/.docs/docs.js",
        "services/orders/orders/docs_files.json",
        "services/auth/auth/wiring.py",
        "docs/decisions/README.md",
    ],
)
def test_what_packaging_makes_and_what_is_of_others_does_not_count(
    checkout: Checkout, write: Write, path: str
) -> None:
    before = digest(checkout)
    write(path, "")
    assert digest(checkout) == before


@pytest.mark.parametrize(
    "name",
    [
        *("PATH", "PWD", "SHLVL", "TERM", "COLUMNS", "VIRTUAL_ENV", "PYTHONPATH", "PYENV_ROOT"),
        *("NODE", "NODE_OPTIONS", "NODE_ENV", "INIT_CWD", "npm_execpath", "npm_config_cache"),
        *("VSCODE_PID", "TERM_PROGRAM", "CI", "GITHUB_ACTIONS", "GITHUB_SHA", "RUNNER_TEMP"),
        *("SLS_LOG_LEVEL", "SLS_AWS_MONITORING_FREQUENCY", "UV_CACHE_DIR", "UV_LINK_MODE"),
        *("AWS_SESSION_TOKEN", "AWS_PROFILE", "BIGMOUTH_PYTHON", "BIGMOUTH_TAGS"),
    ],
)
def test_what_terminals_editors_npm_and_ci_set_does_not_count(checkout: Checkout, name: str) -> None:
    assert digest(checkout, environment={name: "x"}) == digest(checkout)


def test_a_variable_of_theirs_counts_when_a_template_reads_it(checkout: Checkout, write: Write) -> None:
    write("services/orders/resources/a.yml", "a: ${env:GITHUB_SHA}")
    assert digest(checkout, environment={"GITHUB_SHA": "1"}) != digest(
        checkout, environment={"GITHUB_SHA": "2"}
    )


def test_the_variables_of_the_real_stacks_that_count_are_few() -> None:
    checkout = Checkout.of_this_file()
    stacks = services.discover(checkout.root)
    environment = {**os.environ, "BIGMOUTH_PORT": "4566", "AWS_REGION": "eu-central-1"}

    def digests(**changed: str) -> list[str | None]:
        inputs = StackInputs(
            checkout, stage="dev", parameters=[], environment={**environment, **changed}, tools=""
        )
        return [inputs.digest(stack) for stack in stacks.values()]

    before = digests()
    assert None not in before
    # As `npx`, `npm` and `.venv/bin/stagectl` differ.
    assert digests(PATH="/elsewhere", npm_command="exec", NODE="/usr/bin/node", INIT_CWD="/") == before
    assert not set(digests(AWS_REGION="eu-west-1")) & set(before)


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
