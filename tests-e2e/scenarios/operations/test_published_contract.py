"""What the stage publishes in SSM for other programs."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import TypeAdapter

from support.stage import REPOSITORY, Stage

pytestmark = pytest.mark.http_only


def services_that_publish(name: str) -> list[str]:
    """Return the services whose stacks publish something under a name."""
    outputs = REPOSITORY.glob("services/*/resources/outputs.yml")
    return sorted(file.parents[1].name for file in outputs if f"/{name}\n" in file.read_text("utf-8"))


WITH_URL, WITH_QUOTAS = services_that_publish("serviceUrl"), services_that_publish("serviceQuotas")
PLAIN_TEXT = [
    *((service, "serviceUrl") for service in WITH_URL),
    *((service, "serviceQuotas") for service in WITH_QUOTAS),
    ("auth", "userPoolId"),
    ("auth", "userPoolArn"),
    ("auth", "webClientId"),
    ("auth", "serverClientId"),
    ("shared-infra", "eventBusName"),
    ("shared-infra", "eventBusArn"),
    ("shared-infra", "kmsArn"),
    ("shared-infra", "alarmTopicArn"),
    ("shared-infra", "e2eQueueUrl"),
]
ARNS = {
    ("auth", "userPoolArn"): "cognito-idp",
    ("shared-infra", "eventBusArn"): "events",
    ("shared-infra", "kmsArn"): "kms",
    ("shared-infra", "alarmTopicArn"): "sns",
}
QUOTAS = TypeAdapter(dict[str, dict[str, int]])


def _parameter(stage: Stage, path: str) -> Any:
    return stage.ssm.get_parameter(Name=path)["Parameter"]


@pytest.mark.parametrize(("service", "name"), PLAIN_TEXT)
def test_the_stage_publishes_it_as_plain_text(stage: Stage, service: str, name: str) -> None:
    parameter = _parameter(stage, f"/{service}/{stage.name}/{name}")

    assert parameter["Type"] == "String"
    assert parameter["Value"]


@pytest.mark.parametrize("service", WITH_URL)
def test_a_service_url_is_a_root_without_a_slash_at_its_end(stage: Stage, service: str) -> None:
    url = stage.published(service, "serviceUrl")

    assert urlsplit(url).scheme in ({"http", "https"} if stage.is_emulator else {"https"})
    assert not url.endswith("/")


@pytest.mark.parametrize("service", WITH_QUOTAS)
def test_quotas_are_whole_numbers_by_function(stage: Stage, service: str) -> None:
    quotas = QUOTAS.validate_json(stage.published(service, "serviceQuotas"), strict=True)

    assert set(quotas) <= _functions(stage, service)


@pytest.mark.parametrize(("service", "name"), ARNS)
def test_an_arn_is_one_of_its_service(stage: Stage, service: str, name: str) -> None:
    assert stage.published(service, name).split(":")[2] == ARNS[service, name]


def _functions(stage: Stage, service: str) -> set[str]:
    prefix = stage.name_on_stage(service, "")
    names = (function["FunctionName"] for function in stage.functions())
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
