"""Which workflows of GitHub get which role, by the claims of their tokens, and which do not.

The emulator checks no signature of a token, AWS does. Each form of the account's stack is in its own account.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError
from devtools.testing import account_stack, workflow_role
from devtools.testing.workflow_role import MAIN, token
from stagectl.checkout import Checkout

from steps import deployers
from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.beside_previews]

WITH_IDS = workflow_role.REPOSITORY
WITHOUT_IDS = "acme/shop"
ACCOUNTS = {WITH_IDS: "111111111111", WITHOUT_IDS: "222222222222"}
ACCOUNT_OF_RELEASES = "333333333333"
BRANCH = "ref:refs/heads/feature/new-menu"
RELEASE = "ref:refs/heads/release/12"
MERGE_QUEUE = "ref:refs/heads/gh-readonly-queue/main/pr-7-0123abc"
ON_MAIN = f"ref:{MAIN}"
TESTS = "test-stage.yml"
CLEAN_UP = ["remove-stage.yml", "reap-stages.yml"]


@pytest.fixture(scope="module", params=[WITH_IDS, WITHOUT_IDS], ids=["with ids", "without ids"])
def repository(request: pytest.FixtureRequest, stage: Stage) -> Iterator[str]:
    """The repository that the account trusts, in both forms of subjects."""
    with _trusting(stage, ACCOUNTS[request.param], repository=request.param):
        yield request.param


@pytest.fixture(scope="module")
def only_releases_have_previews(stage: Stage) -> Iterator[None]:
    with _trusting(stage, ACCOUNT_OF_RELEASES, repository=WITH_IDS, previewBranches="release/*"):
        yield


@pytest.mark.parametrize(
    ("role", "subject", "workflow"),
    [
        ("preview-deployer", BRANCH, "deploy-stage.yml"),
        ("preview-deployer", "pull_request", "deploy-stage.yml"),
        ("preview-deployer", "pull_request", "remove-stage.yml"),
        ("preview-deployer", ON_MAIN, "reap-stages.yml"),
        ("preview-tester", BRANCH, TESTS),
        ("preview-tester", "pull_request", TESTS),
        ("main-deployer", ON_MAIN, "deploy-stage.yml"),
        ("main-deployer", "environment:dev", "deploy-stage.yml"),
        ("main-deployer", "environment:staging", "deploy-stage.yml"),
        ("main-tester", "environment:dev", TESTS),
        ("main-tester", "environment:staging", TESTS),
        ("prod-deployer", "environment:prod", "deploy-stage.yml"),
    ],
)
def test_a_workflow_gets_the_role_of_its_branch_or_environment(
    repository: str, role: str, subject: str, workflow: str
) -> None:
    assert workflow_role.assume(role, token(subject, repository=repository, workflow=workflow))


@pytest.mark.parametrize("role", ["deployer", "tester"])
@pytest.mark.parametrize(
    ("environment", "subject"),
    [
        ("preview", "ref:refs/tags/v1"),
        ("preview", "environment:prod"),
        ("main", BRANCH),
        ("main", "ref:refs/heads/main-2"),
        ("main", "pull_request"),
        ("main", MERGE_QUEUE),
        ("main", "environment:prod"),
    ],
)
def test_a_workflow_of_another_branch_or_environment_gets_no_role(
    repository: str, environment: str, role: str, subject: str
) -> None:
    claims = token(subject, repository=repository, workflow=_workflow_of(role))
    _refused(f"{environment}-{role}", claims)


@pytest.mark.parametrize("subject", [ON_MAIN, BRANCH, "environment:dev", "pull_request", MERGE_QUEUE])
def test_only_the_environment_prod_gets_its_role(repository: str, subject: str) -> None:
    _refused("prod-deployer", token(subject, repository=repository))


ENVIRONMENTS = [
    ("main-deployer", "environment:dev"),
    ("main-deployer", "environment:staging"),
    ("main-tester", "environment:dev"),
    ("prod-deployer", "environment:prod"),
]


@pytest.mark.parametrize(("role", "subject"), ENVIRONMENTS)
@pytest.mark.parametrize("ref", ["refs/heads/other", "refs/tags/main", "refs/pull/7/merge"])
def test_an_environment_is_no_proof_without_the_main_branch(
    repository: str, role: str, subject: str, ref: str
) -> None:
    _refused(role, token(subject, repository=repository, ref=ref, workflow=_workflow_of(role)))


@pytest.mark.parametrize(("role", "subject"), [*ENVIRONMENTS, ("main-deployer", ON_MAIN)])
@pytest.mark.parametrize("workflow", ["other.yml", "checks.yml", "remove-stage.yml"])
def test_another_workflow_of_the_main_branch_gets_no_role(
    repository: str, role: str, subject: str, workflow: str
) -> None:
    _refused(role, token(subject, repository=repository, workflow=workflow))


@pytest.mark.parametrize(("role", "subject"), ENVIRONMENTS)
def test_the_workflow_counts_as_it_is_on_the_main_branch(repository: str, role: str, subject: str) -> None:
    file = f"{WITHOUT_IDS}/.github/workflows/{_workflow_of(role)}"
    elsewhere = [f"{file}@refs/heads/other", f"somebody/{file.partition('/')[2]}@{MAIN}"]

    for workflow in elsewhere:
        _refused(role, token(subject, repository=repository, job_workflow_ref=workflow))


ROLES = [
    ("preview-deployer", BRANCH),
    ("preview-deployer", "pull_request"),
    ("preview-tester", BRANCH),
    *ENVIRONMENTS,
]


@pytest.mark.parametrize(("role", "subject"), ROLES)
def test_another_repository_or_audience_gets_no_role(repository: str, role: str, subject: str) -> None:
    workflow = _workflow_of(role)
    for other in ("stranger/shop", "stranger@1/shop@1296269", f"{WITHOUT_IDS}-fork"):
        _refused(role, token(subject, repository=other, workflow=workflow))
    _refused(
        role,
        token(subject, repository=repository, workflow=workflow, aud="https://github.com/acme"),
    )


@pytest.mark.parametrize(("role", "subject"), ROLES)
@pytest.mark.parametrize("repository", [WITH_IDS], indirect=True)
def test_a_repository_that_took_over_the_name_gets_no_role(repository: str, role: str, subject: str) -> None:
    workflow = _workflow_of(role)
    for other in (WITHOUT_IDS, "acme@583231/shop@99", "acme@9/shop@1296269"):
        _refused(role, token(subject, repository=other, workflow=workflow))
    _refused(role, token(subject, repository=repository, workflow=workflow, repository_id="99"))


@pytest.mark.usefixtures("only_releases_have_previews")
@pytest.mark.parametrize("workflow", CLEAN_UP)
def test_previews_of_chosen_branches_are_cleaned_up_from_the_main_branch(workflow: str) -> None:
    # So do a deleted branch, the schedule and a run by hand say where they come from.
    assert workflow_role.assume("preview-deployer", token(ON_MAIN, workflow=workflow))


@pytest.mark.usefixtures("only_releases_have_previews")
def test_chosen_branches_and_pull_requests_get_previews() -> None:
    for subject in (RELEASE, "pull_request"):
        assert workflow_role.assume("preview-deployer", token(subject))
        assert workflow_role.assume("preview-tester", token(subject, workflow=TESTS))


@pytest.mark.usefixtures("only_releases_have_previews")
@pytest.mark.parametrize(
    ("role", "claims"),
    [
        ("preview-deployer", token(BRANCH)),
        ("preview-deployer", token(BRANCH, workflow=CLEAN_UP[0])),
        ("preview-deployer", token(MERGE_QUEUE)),
        ("preview-deployer", token(ON_MAIN)),
        ("preview-deployer", token(ON_MAIN, workflow=CLEAN_UP[1], ref="refs/heads/other")),
        ("preview-tester", token(ON_MAIN, workflow=CLEAN_UP[0])),
        ("preview-tester", token(BRANCH, workflow=TESTS)),
    ],
)
def test_other_branches_get_no_previews(role: str, claims: str) -> None:
    _refused(role, claims)


def _workflow_of(role: str) -> str:
    return TESTS if role.endswith("tester") else "deploy-stage.yml"


@contextmanager
def _trusting(stage: Stage, account: str, **parameters: str) -> Iterator[None]:
    """Let one of the emulator's accounts have the account's stack, and this process work there."""
    here = {"AWS_DEFAULT_REGION": stage.region, "AWS_ACCESS_KEY_ID": account}
    with deployers.under(here), account_stack.present(Checkout(REPOSITORY), dict(os.environ), **parameters):
        yield


def _refused(role: str, claims: str) -> None:
    with pytest.raises(ClientError) as refusal:
        workflow_role.assume(role, claims)
    assert refusal.value.response["Error"]["Code"] == "AccessDenied"
