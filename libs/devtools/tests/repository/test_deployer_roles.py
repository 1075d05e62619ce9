"""The roles that deploy cover what the templates declare, and no more."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from stagectl import execution_policy
from stagectl.checkout import Checkout, services
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.errors import StagectlError
from stagectl.execution_policy import Template, reviewed, schemas

from .account_documents import compiled_account
from .conftest import ROOT, SERVICES, STAGE, Compiled
from .test_templates import as_list, statements

ACCOUNT = ROOT / "shared-infra" / "account"
MAX_MANAGED_POLICY_CHARACTERS = 6_144
MAX_ROLE_POLICIES_CHARACTERS = 10_240
MAX_MANAGED_POLICIES_OF_A_ROLE = 10
ROLES_OF_RELEASES = {
    "DeploymentRole",
    "CheckDashreleaseIamRoleLambdaExecution",
    "CheckDashtrafficIamRoleLambdaExecution",
}
LONGEST = {
    "${AWS::Partition}": "aws-us-gov",
    "${AWS::Region}": "ap-southeast-1",
    "${AWS::AccountId}": "123456789012",
}


@pytest.fixture(scope="module")
def account() -> dict[str, dict[str, Any]]:
    """The resources of the account's stack, as it is by default."""
    return compiled_account()


def test_an_account_has_every_environment_by_default() -> None:
    deployers = json.loads((ACCOUNT.parent / "facts.json").read_text())["deployers"]
    defaults = load_mapping(ACCOUNT / "serverless.yml")["params"]["default"]

    assert defaults["environments"].split(",") == [one for some in deployers.values() for one in some]


def templates(compiled: dict[str, Compiled]) -> list[Template]:
    return [Template(name, STAGE, stack.template) for name, stack in compiled.items()]


def committed() -> dict[str, Any]:
    policy: dict[str, Any] = json.loads((ROOT / execution_policy.POLICY_FILE).read_text())
    return policy


def test_the_role_covers_exactly_the_types_that_the_templates_have(compiled: dict[str, Compiled]) -> None:
    declared = set().union(*(template.types for template in templates(compiled)))

    assert set(committed()["Types"]) == declared
    assert declared <= reviewed.SCOPES.keys()
    assert reviewed.SCOPES.keys() <= declared  # only-with-example-services


def test_the_committed_policy_is_what_follows_from_the_templates(compiled: dict[str, Compiled]) -> None:
    derived = execution_policy.derive(templates(compiled))

    assert (ROOT / execution_policy.POLICY_FILE).read_text() == derived, "run `stagectl generate-roles`"


def test_a_type_that_nobody_has_reviewed_is_an_error() -> None:
    template = Template(
        "orders", "x", {"Resources": {"Cache": {"Type": "AWS::ElastiCache::ServerlessCache"}}}
    )

    with pytest.raises(StagectlError, match="No role covers AWS::ElastiCache::ServerlessCache"):
        execution_policy.derive([template])


def test_everything_is_granted_only_where_a_reason_is_written() -> None:
    wide = {
        action
        for statement in committed()["Statement"]
        if "*" in statement["Resource"] and statement["Effect"] == "Allow"
        for action in statement["Action"]
    }
    assert wide <= reviewed.ON_EVERYTHING.keys()
    assert reviewed.ON_EVERYTHING.keys() <= wide  # only-with-example-services


def test_every_reason_for_leaving_an_action_out_is_still_needed() -> None:
    asked = {action for one in reviewed.SCOPES for action in execution_policy.permissions(one)}
    unneeded = [
        pattern
        for pattern in reviewed.LEFT_OUT
        if not any(execution_policy.matches(a, pattern) for a in asked)
    ]
    assert unneeded == []


def test_the_account_stack_is_as_cloudformation_wants_it(account: dict[str, dict[str, Any]]) -> None:
    template = ACCOUNT / ".serverless" / "cloudformation-template-update-stack.json"
    linted = subprocess.run(
        [Checkout(ROOT).python.parent / "cfn-lint", template],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert linted.returncode == 0, linted.stdout


def test_no_policy_is_longer_than_iam_allows(account: dict[str, dict[str, Any]]) -> None:
    lengths = {
        name: length(policy["Properties"]["PolicyDocument"])
        for name, policy in account.items()
        if policy["Type"] == "AWS::IAM::ManagedPolicy"
    }
    assert lengths
    assert {name: chars for name, chars in lengths.items() if chars > MAX_MANAGED_POLICY_CHARACTERS} == {}


def test_previews_are_tested_on_their_base_only_when_the_account_says_so(
    account: dict[str, dict[str, Any]],
) -> None:
    assert "/dev/" not in changed_by_tester(account, "Preview")
    assert "/dev/" in changed_by_tester(compiled_account("--param", "partialPreviews=true"), "Preview")


def changed_by_tester(resources: dict[str, dict[str, Any]], deployer: str) -> str:
    """Return the text of the policies that tell where a tester may change anything."""
    allowed = [
        statement
        for name, policy in resources.items()
        if name.startswith(f"{deployer}Testing")
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "ssm:PutParameter" in as_list(statement["Action"])
    ]
    assert allowed
    return json.dumps(allowed)


def test_no_role_has_more_policies_than_iam_allows(account: dict[str, dict[str, Any]]) -> None:
    for name, role in account.items():
        if role["Type"] == "AWS::IAM::Role":
            properties = role["Properties"]
            own = sum(length(policy["PolicyDocument"]) for policy in properties.get("Policies", []))
            assert own <= MAX_ROLE_POLICIES_CHARACTERS, name
            assert len(properties.get("ManagedPolicyArns", [])) <= MAX_MANAGED_POLICIES_OF_A_ROLE, name


# begin only-with-example-services
def test_what_an_edge_needs_is_granted_only_in_accounts_that_have_one(
    account: dict[str, dict[str, Any]],
) -> None:
    with_edge = compiled_account("--param", "edge=true")

    for needed in ("cloudfront:CreateDistribution", "wafv2:AssociateWebACL", "secretsmanager:CreateSecret"):
        assert needed not in json.dumps(account)
        assert needed in json.dumps(with_edge)
    test_no_policy_is_longer_than_iam_allows(with_edge)
    test_no_role_has_more_policies_than_iam_allows(with_edge)


# end only-with-example-services
def test_who_tests_deploys_nothing_and_hands_no_role_on(account: dict[str, dict[str, Any]]) -> None:
    actions = {action for tester in ("Preview", "Main") for action in actions_of_tester(account, tester)}
    deploying = re.compile(
        r"iam:|s3:(?!GetObject$)|cloudformation:(?!Describe|Get)|lambda:(?!Get|List|Invoke)|apigateway:(?!GET)|sts:|\*"
    )
    assert actions
    assert [action for action in actions if deploying.match(action)] == []
    assert "ProdTester" not in account


def test_the_boundary_leaves_every_function_what_its_role_grants(
    compiled: dict[str, Compiled], account: dict[str, dict[str, Any]]
) -> None:
    for boundary, is_of_codedeploy in (("ProdBoundary", False), ("ProdReleasesBoundary", True)):
        within = {
            action
            for statement in account[boundary]["Properties"]["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Allow"
            for action in as_list(statement["Action"])
        }
        granted = {
            action
            for stack, resource, statement in statements(compiled)
            if compiled[stack].resources[resource]["Type"] in {"AWS::IAM::Role", "AWS::IAM::Policy"}
            and (resource in ROLES_OF_RELEASES) == is_of_codedeploy
            and "Principal" not in statement
            for action in as_list(statement["Action"])
        }
        assert granted <= within, boundary
        # Of no function, unless a new service has one that invokes another.  # only-with-example-services
        assert within - granted <= {"lambda:InvokeFunction"}, boundary  # only-with-example-services


def test_every_stack_is_one_that_the_deployers_know(account: dict[str, dict[str, Any]]) -> None:
    stacks = next(
        statement["Resource"]
        for policy in account["ProdDeployer"]["Properties"]["ManagedPolicyArns"]
        for statement in account[policy["Ref"]]["Properties"]["PolicyDocument"]["Statement"]
        if statement.get("Sid") == "Stacks"
    )

    known = {re.sub(r".*:stack/(.*)-prod/\*", r"\1", arn["Fn::Sub"]) for arn in as_list(stacks)}
    assert known == services.discover(ROOT).keys()


def test_what_every_types_reading_handler_asks_for_is_granted() -> None:
    # A creation ends in a read, and fails with it.
    asked = {
        action
        for one in committed()["Types"]
        for action in schemas.reading_permissions(one)
        # Web ACLs protect user pools here, and nothing else of what they may.
        if one != "AWS::WAFv2::WebACLAssociation" or action.startswith(("wafv2:", "cognito-idp:"))
    }
    granted = {action for statement in committed()["Statement"] for action in statement["Action"]}

    assert asked - granted == set()
    assert granted >= {
        "dynamodb:DescribeKinesisStreamingDestination",  # only-with-example-services
        "s3:GetBucketMetadataTableConfiguration",
        "s3:GetBucketWebsite",
        "s3:GetReplicationConfiguration",
    }


@pytest.mark.parametrize("deployer", ["Preview", "Main", "Prod"])
def test_who_makes_a_change_set_may_read_what_its_template_takes(
    account: dict[str, dict[str, Any]], compiled: dict[str, Compiled], deployer: str
) -> None:
    taken = {name.replace("{readable}", "") for one in templates(compiled) for name in one.taken_parameters()}
    granted = json.dumps(
        [
            statement["Resource"]
            for policy in account[f"{deployer}Deployer"]["Properties"]["ManagedPolicyArns"]
            for statement in account[policy["Ref"]]["Properties"]["PolicyDocument"]["Statement"]
            if "ssm:GetParameters" in statement["Action"]
        ]
    )
    assert taken
    assert [one for one in taken if one.rpartition("/")[2] not in granted] == []


def test_no_policy_names_a_partition_or_a_region(account: dict[str, dict[str, Any]]) -> None:
    assert re.findall(r"arn:aws[^$\"]*", json.dumps(account)) == []


def test_stages_may_be_in_the_regions_that_the_account_names() -> None:
    allowed = json.dumps(compiled_account("--param", "regions=eu-central-1,us-east-1"))

    assert '"aws:RequestedRegion": ["eu-central-1", "us-east-1"]' in allowed
    assert "${AWS::Region}" not in allowed


def test_twelve_services_fit_into_the_policies(tmp_path: Path) -> None:
    more = [f"service-{number:02}" for number in range(len(SERVICES), 12)]
    shutil.copytree(ACCOUNT.parent, tmp_path / "shared-infra", ignore=shutil.ignore_patterns(".serverless"))
    for service in [*more, *SERVICES]:
        (tmp_path / "services" / service).mkdir(parents=True)
        (tmp_path / "services" / service / "serverless.yml").touch()
    policy = committed()
    for statement in policy["Statement"]:
        like_orders = [arn for arn in statement["Resource"] if "orders" in arn]
        statement["Resource"] += [arn.replace("orders", one) for arn in like_orders for one in more]
    policy["Tables"] += [f"{one}-{{stage}}" for one in more]
    # Routes take of the same room: a service more may have the room of a route, but not both.
    del policy["Routes"][2:]
    copy = tmp_path / execution_policy.POLICY_FILE
    copy.write_text(json.dumps(policy))
    defaults = {
        "repository": "acme/shop",
        "environments": "preview,dev,staging,prod",
        "previewBranches": "*",
    }
    defaults |= {
        "oidcProvider": "create",
        "apiGatewayLogs": "existing",
        "mainBranch": "main",
        "previewBase": "dev",
        "partialPreviews": "true",
    }
    script = f"""const parameters = {json.dumps({**defaults, "regions": ""})};
        require({json.dumps(str(copy.parent / "resources.cjs"))})(
          {{ resolveVariable: async (name) => parameters[name.replace('param:', '')] }},
        ).then(({{ Resources }}) => console.log(JSON.stringify(Resources)));"""
    ran = subprocess.run(["node", "-e", script], check=True, capture_output=True, text=True)

    resources: dict[str, dict[str, Any]] = json.loads(ran.stdout)
    test_no_policy_is_longer_than_iam_allows(resources)
    test_no_role_has_more_policies_than_iam_allows(resources)
    assert "service-11-prod" in ran.stdout


def actions_of_tester(account: dict[str, dict[str, Any]], name: str) -> set[str]:
    """Return what a tester may do, by all of its policies."""
    policies = account[f"{name}Tester"]["Properties"]["ManagedPolicyArns"]
    documents = [account[policy["Ref"]]["Properties"]["PolicyDocument"] for policy in policies]
    return {
        action
        for document in documents
        for statement in document["Statement"]
        if statement["Effect"] == "Allow"
        for action in as_list(statement["Action"])
    }


def length(document: Any) -> int:
    """Count characters as IAM does, without white space, with the longest names that AWS has."""
    text = re.sub(r'\{"Fn::Sub":("[^"]*")\}', r"\1", json.dumps(document, separators=(",", ":")))
    for placeholder, name in LONGEST.items():
        text = text.replace(placeholder, name)
    return len(text)
