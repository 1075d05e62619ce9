"""CloudFormation makes applications and deployment groups of CodeDeploy for Lambda, and validates them.

MiniStack has no CodeDeploy, so nothing shifts traffic by time: an alias moves at once.

https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

Properties = dict[str, Any]
Faults = Callable[[Properties], Iterator[str]]

NAME = re.compile(r"[A-Za-z0-9._+=,@-]{1,100}")
CONFIGURATION = re.compile(
    r"CodeDeployDefault\.Lambda(AllAtOnce|Canary10Percent(5|10|15|30)Minutes"
    r"|Linear10PercentEvery(1Minute|(2|3|10)Minutes))"
)
ROLE = re.compile(r"arn:[\w-]+:iam::\d{12}:role/.+")
STYLE = {"DeploymentType": "BLUE_GREEN", "DeploymentOption": "WITH_TRAFFIC_CONTROL"}
EVENTS = {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"}
MAX_ALARMS = 10
MAX_ALARM_NAME_CHARACTERS = 255


def install() -> None:
    """Add the two types to MiniStack's CloudFormation."""
    _RESOURCE_HANDLERS["AWS::CodeDeploy::Application"] = handlers("ApplicationName", faults_of_application)
    _RESOURCE_HANDLERS["AWS::CodeDeploy::DeploymentGroup"] = handlers("DeploymentGroupName", faults_of_group)


def handlers(named_by: str, faults: Faults) -> dict[str, Callable[..., Any]]:
    """Return handlers of a type that exists in its stack only, by the property of its name."""

    def make(logical_id: str, properties: Properties, stack_name: str) -> tuple[str, dict[str, str]]:
        name = str(properties.get(named_by) or f"{stack_name}-{logical_id}")
        found = [*faults_of_name(named_by, name), *faults(properties)]
        if found:
            raise ValueError("; ".join(found))
        return name, {}

    def change(
        physical_id: str, _: Properties, properties: Properties, stack_name: str
    ) -> tuple[str, dict[str, str]]:
        return make(physical_id, properties, stack_name)

    return {"create": make, "update": change, "delete": lambda _, __: None}


def faults_of_name(named_by: str, name: str) -> Iterator[str]:
    """Yield what is wrong with a name."""
    if not NAME.fullmatch(name):
        yield f"{named_by} {name!r} is not 1 to 100 letters, digits and . _ + = , @ -"


def faults_of_application(properties: Properties) -> Iterator[str]:
    """Yield what is wrong with an application."""
    if properties.get("ComputePlatform") != "Lambda":
        yield f"ComputePlatform {properties.get('ComputePlatform')!r} is not supported here: only Lambda"


def faults_of_group(properties: Properties) -> Iterator[str]:
    """Yield what is wrong with a deployment group for Lambda."""
    yield from faults_of_name("ApplicationName", str(properties.get("ApplicationName") or ""))
    if not ROLE.fullmatch(str(properties.get("ServiceRoleArn") or "")):
        yield f"InvalidRoleException: {properties.get('ServiceRoleArn')!r} is not the ARN of a role"
    configuration = str(properties.get("DeploymentConfigName") or "")
    if not CONFIGURATION.fullmatch(configuration):
        yield f"DeploymentConfigDoesNotExistException: {configuration!r} is not predefined for Lambda"
    if properties.get("DeploymentStyle") != STYLE:
        yield f"InvalidDeploymentStyleException: Lambda needs {STYLE}"
    yield from faults_of_rollback(properties.get("AutoRollbackConfiguration") or {})
    yield from faults_of_alarms(properties.get("AlarmConfiguration") or {})


def faults_of_rollback(configuration: Properties) -> Iterator[str]:
    """Yield what is wrong with the configuration of automatic rollback."""
    events = configuration.get("Events") or []
    is_enabled = str(configuration.get("Enabled")).lower() == "true"
    if (is_enabled and not events) or not set(events) <= EVENTS:
        yield f"InvalidAutoRollbackConfigException: events are {events}, and may be {sorted(EVENTS)}"


def faults_of_alarms(configuration: Properties) -> Iterator[str]:
    """Yield what is wrong with the configuration of alarms."""
    names = [str(alarm.get("Name") or "") for alarm in configuration.get("Alarms") or []]
    if len(names) > MAX_ALARMS:
        yield f"AlarmsLimitExceededException: {len(names)} alarms, and at most {MAX_ALARMS} are allowed"
    is_enabled = str(configuration.get("Enabled")).lower() == "true"
    is_named = all(0 < len(name) <= MAX_ALARM_NAME_CHARACTERS for name in names)
    if (is_enabled and not names) or not is_named or any(count > 1 for count in Counter(names).values()):
        yield f"InvalidAlarmConfigException: the alarms are {names}"
