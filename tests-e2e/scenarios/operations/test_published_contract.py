"""What the stage publishes in SSM for other programs."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import TypeAdapter

from support.stage import Stage

pytestmark = pytest.mark.http_only

PLAIN_TEXT = [
    ("restaurants", "serviceUrl"),
    ("restaurants", "serviceQuotas"),
    ("orders", "serviceUrl"),
    ("orders", "serviceQuotas"),
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


@pytest.mark.parametrize("service", ["restaurants", "orders"])
def test_a_service_url_is_a_root_without_a_slash_at_its_end(stage: Stage, service: str) -> None:
    url = stage.published(service, "serviceUrl")

    assert urlsplit(url).scheme in ({"http", "https"} if stage.is_emulator else {"https"})
    assert not url.endswith("/")


@pytest.mark.parametrize("service", ["restaurants", "orders"])
def test_quotas_are_whole_numbers_by_function(stage: Stage, service: str) -> None:
    quotas = QUOTAS.validate_json(stage.published(service, "serviceQuotas"), strict=True)

    assert quotas
    assert set(quotas) <= _functions(stage, service)


@pytest.mark.parametrize(("service", "name"), ARNS)
def test_an_arn_is_one_of_its_service(stage: Stage, service: str, name: str) -> None:
    assert stage.published(service, name).split(":")[2] == ARNS[service, name]


def test_the_secret_is_encrypted_under_the_stages_key(stage: Stage) -> None:
    path = stage.parameter_path("restaurants", "search-restaurants", "secretString")
    key_arn = stage.published("shared-infra", "kmsArn")
    filters: Any = [{"Key": "Name", "Values": [path]}]

    [described] = stage.ssm.describe_parameters(ParameterFilters=filters)["Parameters"]

    assert described["Type"] == "SecureString"
    if stage.ssm_stage("restaurants", "search-restaurants") == stage.name:
        assert described["KeyId"] == key_arn


def _functions(stage: Stage, service: str) -> set[str]:
    prefix = stage.name_on_stage(service, "")
    names = (function["FunctionName"] for function in stage.functions())
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
