"""The environment of a function under test."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

# What a shell, or a test of another suite, may have set.
_LEAKS = (
    "AWS_CA_BUNDLE",
    "AWS_ENDPOINT_URL",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "CORS_ALLOWED_ORIGIN",
    "DEAD_LETTER_QUEUE_URL",
    "PARAMETERS_MAX_AGE_SECONDS",
    "QUEUE_URL",
    "REQUESTS_CA_BUNDLE",
    "SSM_STAGE",
)
_DEFAULTS = {
    "STAGE": "test",
    "SERVICE_KIT_PARAMETERS": "off",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
}


# Powertools reads it when it is imported, which files of fixtures do before any hook of pytest.
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Kitchen")


def function_environment(service: str, wiring: ModuleType | None = None, **variables: str) -> Any:
    """Return an autouse fixture for a `conftest.py`: each test runs in the environment of a service.

    Before and after each test it forgets the settings that were loaded, what the builders of `wiring` built,
    and the values of parameters of the service's handlers.

    Args:
        service: Name of the service.
        wiring: The service's module of cached builders. They are found here, before a test puts a fake in the
            place of one.
        variables: Variables of the service's functions; they win over the defaults.
    """
    package = "" if wiring is None else wiring.__name__.rpartition(".")[0]
    builders: list[Callable[[], None]] = (
        [
            value.cache_clear
            for value in vars(wiring).values()
            if callable(getattr(value, "cache_clear", None))
        ]
        if wiring
        else []
    )

    def forget() -> None:
        from service_kit.settings import clear_settings  # noqa: PLC0415, only suites of functions need it

        clear_settings()
        for clear in builders:
            clear()
        if package:
            _forget_parameters(f"{package}.handlers.")

    @pytest.fixture(autouse=True)
    def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """No test sees what another test or service loaded or built."""
        for name in _LEAKS:
            monkeypatch.delenv(name, raising=False)
        for name, value in (_DEFAULTS | {"POWERTOOLS_SERVICE_NAME": service} | variables).items():
            monkeypatch.setenv(name, value)
        forget()
        yield
        forget()

    return environment


def fake(wiring: ModuleType, builder: str, make: Callable[[], object]) -> Any:
    """Return a fixture for a `conftest.py`: a fake, which handlers see in the place of a collaborator.

    Args:
        wiring: The service's module of builders.
        builder: Name of the collaborator's builder there.
        make: Returns a new fake; called once for each test.
    """

    @pytest.fixture
    def made(monkeypatch: pytest.MonkeyPatch) -> object:
        one = make()
        monkeypatch.setattr(wiring, builder, lambda: one)
        return one

    return made


def _forget_parameters(prefix: str) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith(prefix):
            for value in list(vars(module).values()):
                for parameter in getattr(getattr(value, "contract", None), "parameters", {}).values():
                    parameter.forget()
