"""Run a deployed function in this process, isolated from others."""

import os
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from threading import RLock
from types import ModuleType
from typing import Any

from support.stage import REPOSITORY, Stage

# What a function shares with the process that plays Lambda: how it reaches AWS, and where programs are.
KEPT_VARIABLES = (
    "AWS_",
    "PATH",
    "HOME",
    "LANG",
    "LC_",
    "TZ",
    "TMPDIR",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
)
ENOUGH_TIME_MILLISECONDS = 6_000

# The environment and the table of modules belong to the whole process.
_one_at_a_time = RLock()


@dataclass(frozen=True)
class LambdaContext:
    """What Lambda tells a handler about its invocation."""

    function_name: str
    invoked_function_arn: str
    memory_limit_in_mb: int
    function_version: str = "$LATEST"
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    log_stream_name: str = "tests-e2e"

    @property
    def log_group_name(self) -> str:
        """Where the deployed function logs."""
        return f"/aws/lambda/{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """Return the time left."""
        return ENOUGH_TIME_MILLISECONDS


class FunctionProcess:
    """One function, with the environment of the deployed one.

    Each function gets its own copy of the service's and the library's modules, kept from one invocation to
    the next: so settings that are read at import or cached, clients and parameters live as long as they do on
    Lambda, and no function sees another one's.
    """

    def __init__(self, stage: Stage, function_name: str) -> None:
        self._configuration = stage.configuration(function_name)
        self._variables = self._configuration["Environment"]["Variables"]
        self._own_packages = {"service_kit", *stage.services}
        self._region = stage.region
        self._modules: dict[str, ModuleType] = {}

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """Call the handler with an event and return its result."""
        configuration = self._configuration
        context = LambdaContext(
            function_name=configuration["FunctionName"],
            invoked_function_arn=configuration["FunctionArn"],
            memory_limit_in_mb=configuration["MemorySize"],
        )
        with _one_at_a_time, self._environment(), self._own_modules():
            return self._handler()(event, context)

    def _handler(self) -> Callable[[Mapping[str, Any], LambdaContext], Any]:
        module, _, name = self._configuration["Handler"].rpartition(".")
        handler: Callable[[Mapping[str, Any], LambdaContext], Any] = getattr(import_module(module), name)
        return handler

    @contextmanager
    def _environment(self) -> Iterator[None]:
        before = dict(os.environ)
        kept = {name: value for name, value in before.items() if name.startswith(KEPT_VARIABLES)}
        os.environ.clear()
        os.environ.update(
            kept
            | {
                "AWS_REGION": self._region,
                "AWS_DEFAULT_REGION": self._region,
                "AWS_LAMBDA_FUNCTION_NAME": self._configuration["FunctionName"],
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self._configuration["MemorySize"]),
            }
            | self._variables
        )
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    @contextmanager
    def _own_modules(self) -> Iterator[None]:
        others = self._take_modules()
        sys.modules.update(self._modules)
        service = self._variables["POWERTOOLS_SERVICE_NAME"]
        sys.path[:0] = added = [
            str(REPOSITORY / "services" / service),
            str(REPOSITORY / "libs" / "service_kit"),
        ]
        try:
            yield
        finally:
            del sys.path[: len(added)]
            self._modules = self._take_modules()
            sys.modules.update(others)

    def _take_modules(self) -> dict[str, ModuleType]:
        names = [name for name in sys.modules if name.partition(".")[0] in self._own_packages]
        return {name: sys.modules.pop(name) for name in names}
