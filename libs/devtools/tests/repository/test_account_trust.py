"""What the account's roles ask of GitHub's tokens, and what its parameters may be.

Tokens of both forms are tried on the emulator, in tests-e2e/scenarios/access/test_workflow_trust.py.
"""

import json
import re
import subprocess
from typing import Any

import pytest

from .conftest import ROOT

WORKFLOWS = ROOT / ".github" / "workflows"
CLAIM = "token.actions.githubusercontent.com:"
PINNED = "acme@583231/shop@1296269"
ON_MAIN = "refs/heads/main"


def node(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "--print", script],
        cwd=ROOT / "shared-infra" / "account",
        check=False,
        capture_output=True,
        text=True,
    )


def trust(role: str, deployer: str, *, repository: str = PINNED, branches: str = "*") -> list[dict[str, Any]]:
    """Return the conditions of a role's trust, each as claims and their values."""
    environments = {"preview": ["preview"], "main": ["dev", "staging"], "prod": ["prod"]}[deployer]
    settings = f"""{{ repository: require('./github.cjs').parseRepository({json.dumps(repository)}),
        previewBranches: [{json.dumps(branches)}], mainBranch: 'main' }}"""
    arguments = ", ".join([json.dumps(role), json.dumps(deployer), json.dumps(environments), settings])
    ran = node(f"JSON.stringify(require('./trust.cjs').trust({arguments}))")
    assert ran.returncode == 0, ran.stderr
    return [
        {
            key.removeprefix(CLAIM): value
            for keys in statement["Condition"].values()
            for key, value in keys.items()
        }
        for statement in json.loads(ran.stdout)
    ]


def files(claims: dict[str, Any]) -> set[str]:
    return {
        re.sub(r"^acme/shop/\.github/workflows/|@refs/heads/main$", "", one)
        for one in claims["job_workflow_ref"]
    }


@pytest.mark.parametrize(
    ("deployer", "role"), [("main", "deployer"), ("main", "tester"), ("prod", "deployer")]
)
def test_main_and_prod_are_bound_to_branch_repository_and_workflow(deployer: str, role: str) -> None:
    (claims,) = trust(role, deployer)

    assert claims["ref"] == ON_MAIN
    assert claims["repository_id"] == "1296269"
    assert all(one.startswith(f"repo:{PINNED}:") for one in claims["sub"])
    assert all(one.endswith(f"@{ON_MAIN}") for one in claims["job_workflow_ref"])
    assert claims["aud"] == "sts.amazonaws.com"


@pytest.mark.parametrize("role", ["deployer", "tester"])
def test_every_trust_of_previews_is_bound_to_the_repository(role: str) -> None:
    for claims in trust(role, "preview", branches="release/*"):
        assert claims["repository_id"] == "1296269"
        assert all(one.startswith(f"repo:{PINNED}:") for one in claims["sub"])


def test_without_ids_branch_and_workflow_are_pinned_all_the_same() -> None:
    (claims,) = trust("deployer", "prod", repository="acme/shop")

    assert claims["sub"] == ["repo:acme/shop:environment:prod"]
    assert claims["ref"] == ON_MAIN
    assert claims["job_workflow_ref"] == [f"acme/shop/.github/workflows/deploy-stage.yml@{ON_MAIN}"]
    assert "repository_id" not in claims


def test_the_trusted_workflows_are_those_that_take_the_roles_on() -> None:
    all_of_them = taking("_ROLE_ARN")
    with_environment = {
        name for name, text in all_of_them.items() if re.search(r"^ {4}environment:", text, re.MULTILINE)
    }
    testers = taking("_TESTER_ROLE_ARN").keys()
    (on_branches, on_main) = trust("deployer", "preview", branches="release/*")

    assert files(trust("deployer", "prod")[0]) == with_environment - testers
    assert files(trust("tester", "main")[0]) == testers
    assert "job_workflow_ref" not in on_branches
    # What else takes a role on runs for pull requests, and cleans up after deleted branches and by schedule.
    assert files(on_main) == all_of_them.keys() - with_environment - {"report-stage.yml"}


def taking(variable: str) -> dict[str, str]:
    """Return the texts of the workflows that take on a role which such a variable names, by file."""
    texts = {file.name: file.read_text() for file in WORKFLOWS.glob("*.yml")}
    return {name: text for name, text in texts.items() if re.search(rf"role-to-assume: .*{variable}", text)}


@pytest.mark.parametrize(
    ("repository", "complaint"),
    [
        ("", "Missing parameter repository"),
        ("shop", '"shop" is not a GitHub repository'),
        ("acme/shop/x", "is not a GitHub repository"),
        ("acme@abc/shop@1", "is not a GitHub repository"),
        ("acme/*", "is not a GitHub repository"),
        ("https://github.com/acme/shop", "is not a GitHub repository"),
        ("acme@583231/shop", "one id of two"),
        ("acme/shop@1296269", "one id of two"),
    ],
)
def test_a_repository_in_neither_form_is_refused_with_both(repository: str, complaint: str) -> None:
    ran = node(f"require('./github.cjs').parseRepository({json.dumps(repository)})")

    assert ran.returncode == 1
    assert complaint in ran.stderr
    assert "owner/name" in ran.stderr
    assert "owner@OWNER_ID/name@REPOSITORY_ID" in ran.stderr


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("branch", "release/*"),
        ("branch", ""),
        ("branches", "refs/heads/main"),
        ("branches", "main:environment:prod"),
        ("branches", "a b"),
        ("branches", "${AWS::Region}"),
    ],
)
def test_what_can_be_no_branch_is_refused(check: str, text: str) -> None:
    ran = node(f"require('./github.cjs').{check}('previewBranches', {json.dumps(text)})")

    assert ran.returncode == 1
    assert "previewBranches must" in ran.stderr


def test_names_of_branches_and_patterns_of_some_are_taken() -> None:
    for check, text in (("branch", "trunk"), ("branches", "*"), ("branches", "feature/new-*")):
        assert node(f"require('./github.cjs').{check}('x', {json.dumps(text)})").stdout.strip() == text
