"""Check the quotas of an AWS account against the needs of a stage."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stagectl.checkout import stage_parameters
from stagectl.checkout.routes import routes_of
from stagectl.checkout.services import Stack
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.readiness.finding import Finding, Level

if TYPE_CHECKING:
    import boto3

REQUESTS_AT_ONCE = 10
"""How many requests a stage should answer at the same time while its queues are at work."""

MAIL = "mail"
"""Subject of the finding about mail."""
MAILS_A_DAY = 50
_REGIONAL_APIS = 600
_GET_PARAMETER_A_SECOND = 40
_HIGH_THROUGHPUT = "/ssm/parameter-store/high-throughput-enabled"


@dataclass(frozen=True)
class Needs:
    """What a stage needs of its account's quotas.

    Attributes:
        stacks: How many stacks it does not have yet.
        roles: How many functions those have, each with a role.
        apis: How many of those have an API.
        concurrency: How many functions its queues keep busy at the most.
        mail_identity: The SES identity that sends its mail; empty when Cognito sends.
    """

    stacks: int
    roles: int
    apis: int
    concurrency: int
    mail_identity: str


def needs_of(
    root: Path, stage: str, stacks: Mapping[str, Stack], mail_identity: str, present: Collection[str] = ()
) -> Needs:
    """Return the needs of a stage's stacks, from their declarations.

    Args:
        root: Root of the checkout, with the stage's parameters.
        stage: Name of the stage.
        stacks: Its stacks by name.
        mail_identity: The SES identity that sends its mail.
        present: Names of the CloudFormation stacks that the account has.
    """
    documents = {name: load_mapping(stack.folder / "serverless.yml") for name, stack in stacks.items()}
    missing = [stack for stack in stacks.values() if stack.on_stage(stage) not in present]
    return Needs(
        stacks=len(missing),
        roles=sum(len(stack.functions) for stack in missing),
        apis=sum(bool(routes_of(documents[stack.name])) for stack in missing),
        concurrency=sum(
            int(str(stage_parameters.resolved(root, stage, most)))
            for document in documents.values()
            for most in _concurrency(document)
        ),
        mail_identity=mail_identity,
    )


def _concurrency(document: Mapping[str, Any]) -> Iterator[object]:
    for function in (document.get("functions") or {}).values():
        yield function.get("reservedConcurrency", 0)
        for event in function.get("events") or []:
            for source in event.values():
                if isinstance(source, Mapping):
                    yield source.get("maximumConcurrency", 0)


def examine(
    session: "boto3.Session", root: Path, stage: str, stacks: Mapping[str, Stack], mail_identity: str
) -> Iterator[Finding]:
    """Yield a finding for each quota.

    A quota that the credentials may not read is reported as not checked.

    Args:
        session: The account that was entered.
        root: Root of the checkout.
        stage: Name of the stage.
        stacks: Its stacks by name.
        mail_identity: The SES identity that sends its mail; empty when Cognito sends.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

    def tried(subject: str, needed: str, look: Callable[[], Finding]) -> Finding:
        try:
            return look()
        except (BotoCoreError, ClientError) as error:
            reason = getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__)
            return Finding(
                Level.WARN, subject, f"not checked ({reason})", f"to check, the credentials need {needed}"
            )

    names: set[str] = set()

    def stacks_fit() -> Finding:
        names.update(_stack_names(session))
        return _stacks(session, needs_of(root, stage, stacks, mail_identity, names), len(names))

    yield tried("stacks", "cloudformation:ListStacks and DescribeAccountLimits", stacks_fit)
    needs = needs_of(root, stage, stacks, mail_identity, names)
    yield tried("concurrency", "lambda:GetAccountSettings", lambda: _lambda(session, needs))
    yield tried("roles", "iam:GetAccountSummary", lambda: _roles(session, needs))
    yield tried("apis", "apigateway:GET and servicequotas:ListServiceQuotas", lambda: _apis(session, needs))
    yield tried("parameters", "ssm:GetServiceSetting", lambda: _parameters(session))
    yield _mail(needs)


def _lambda(session: "boto3.Session", needs: Needs) -> Finding:
    limit = session.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    text = f"{limit} concurrent executions; the queues of this stage use up to {needs.concurrency}"
    wanted = needs.concurrency + REQUESTS_AT_ONCE
    if limit >= wanted:
        return Finding(Level.OK, "concurrency", text)
    return Finding(
        Level.WARN,
        "concurrency",
        f"{text}, so that requests are throttled (429) while queues are at work",
        f'request {max(wanted, 1000)} for "Concurrent executions" of AWS Lambda in Service Quotas',
    )


def _stacks(session: "boto3.Session", needs: Needs, used: int) -> Finding:
    pages = session.client("cloudformation").get_paginator("describe_account_limits").paginate()
    limits = {one["Name"]: one["Value"] for page in pages for one in page["AccountLimits"]}
    return _fits("stacks", "Stack count of AWS CloudFormation", used, limits["StackLimit"], needs.stacks)


def _roles(session: "boto3.Session", needs: Needs) -> Finding:
    summary = session.client("iam").get_account_summary()["SummaryMap"]
    return _fits(
        "roles", "Roles per account of AWS IAM", summary["Roles"], summary["RolesQuota"], needs.roles
    )


def _apis(session: "boto3.Session", needs: Needs) -> Finding:
    pages = session.client("apigateway").get_paginator("get_rest_apis").paginate()
    used = sum(len(page["items"]) for page in pages)
    quotas = session.client("service-quotas").get_paginator("list_service_quotas")
    limit = next(
        (
            int(quota["Value"])
            for page in quotas.paginate(ServiceCode="apigateway")
            for quota in page["Quotas"]
            if quota["QuotaName"].lower().startswith("regional api")
        ),
        _REGIONAL_APIS,
    )
    return _fits("apis", "Regional APIs of Amazon API Gateway", used, limit, needs.apis)


def _parameters(session: "boto3.Session") -> Finding:
    setting = session.client("ssm").get_service_setting(SettingId=_HIGH_THROUGHPUT)["ServiceSetting"]
    if setting["SettingValue"] == "true":
        return Finding(Level.OK, "parameters", "SSM has higher throughput enabled")
    return Finding(
        Level.OK,
        "parameters",
        f"SSM answers {_GET_PARAMETER_A_SECOND} GetParameter calls per second; "
        "stale values are used when throttled",
        f"for many cold starts at once: aws ssm update-service-setting --setting-id {_HIGH_THROUGHPUT} "
        "--setting-value true (costs extra)",
    )


def _mail(needs: Needs) -> Finding:
    if needs.mail_identity:
        return Finding(Level.OK, MAIL, f"sent by SES as {needs.mail_identity}")
    return Finding(
        Level.WARN,
        MAIL,
        f"sent by Cognito: {MAILS_A_DAY} a day for the whole account, sign-ups and new passwords together",
        "verify an identity of SES and set mailIdentity and mailFrom in shared-infra/params.yml",
    )


def _fits(subject: str, quota: str, used: int, limit: int, needed: int) -> Finding:
    text = f"{used} of {limit} in use, {needed} more for this stage"
    if used + needed <= limit:
        return Finding(Level.OK, subject, text)
    return Finding(
        Level.FAIL, subject, f"{text}: the quota is too low", f'request more of "{quota}" in Service Quotas'
    )


def _stack_names(session: "boto3.Session") -> Iterator[str]:
    for page in session.client("cloudformation").get_paginator("list_stacks").paginate():
        for stack in page["StackSummaries"]:
            if stack["StackStatus"] != "DELETE_COMPLETE":
                yield stack["StackName"]
