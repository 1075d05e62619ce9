from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from service_kit.settings import (
    EnvName,
    ServiceSettings,
    SettingsError,
    clear_settings,
    load_settings,
    read_settings,
)

GIVEN = {"POWERTOOLS_SERVICE_NAME": "orders", "STAGE": "dev", "TABLE_NAME": "orders-table"}


class OrderSettings(ServiceSettings):
    table_name: str
    max_orders: int = Field(default=10, le=100)
    queue: Annotated[str, EnvName("ORDER_QUEUE_URL")] = "none"


def test_a_field_is_read_from_the_variable_of_its_upper_snake_name() -> None:
    assert read_settings(OrderSettings, GIVEN | {"MAX_ORDERS": "7"}).max_orders == 7


def test_a_field_may_name_another_variable() -> None:
    assert read_settings(OrderSettings, GIVEN | {"ORDER_QUEUE_URL": "q"}).queue == "q"


def test_the_ssm_stage_is_the_stage_unless_said_otherwise() -> None:
    assert read_settings(OrderSettings, GIVEN).ssm_stage == "dev"
    assert read_settings(OrderSettings, GIVEN | {"SSM_STAGE": "main"}).ssm_stage == "main"


def test_parameters_live_for_a_minute_unless_said_otherwise() -> None:
    assert read_settings(OrderSettings, GIVEN).parameters_max_age_seconds == 60


def test_an_empty_variable_counts_as_not_set() -> None:
    settings = read_settings(OrderSettings, GIVEN | {"SSM_STAGE": "", "CORS_ALLOWED_ORIGIN": ""})
    assert settings.ssm_stage == "dev"
    assert settings.cors_allowed_origin is None


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings(OrderSettings, {})
    assert raised.value.missing == ["POWERTOOLS_SERVICE_NAME", "STAGE", "TABLE_NAME"]
    assert str(raised.value) == "POWERTOOLS_SERVICE_NAME is not set; STAGE is not set; TABLE_NAME is not set"


def test_a_wrong_variable_is_named_with_its_bounds_but_without_its_value() -> None:
    with pytest.raises(SettingsError, match=r"MAX_ORDERS is wrong .*less than or equal to 100") as raised:
        read_settings(OrderSettings, GIVEN | {"MAX_ORDERS": "31337"})
    assert "31337" not in str(raised.value)
    assert list(raised.value.wrong) == ["MAX_ORDERS"]
    assert raised.value.__context__ is None


def test_settings_cannot_be_changed() -> None:
    settings = read_settings(OrderSettings, GIVEN)
    with pytest.raises(ValidationError):
        settings.table_name = "another"  # type: ignore[misc]


def test_settings_are_read_once_per_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "first")
    first = load_settings(OrderSettings)
    monkeypatch.setenv("TABLE_NAME", "second")
    assert load_settings(OrderSettings) is first
    assert load_settings(ServiceSettings) is not first


def test_cleared_settings_are_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "first")
    load_settings(OrderSettings)
    monkeypatch.setenv("TABLE_NAME", "second")
    clear_settings()
    assert load_settings(OrderSettings).table_name == "second"


def test_a_failed_load_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError):
        load_settings(OrderSettings)
    monkeypatch.setenv("TABLE_NAME", "orders-table")
    assert load_settings(OrderSettings).table_name == "orders-table"
