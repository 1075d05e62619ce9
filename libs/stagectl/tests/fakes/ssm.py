"""A small SSM: parameters in memory."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

WRITER = "arn:aws:sts::000000000000:assumed-role/operator/grace"


class _Exceptions:
    class ParameterAlreadyExists(Exception):  # noqa: N818 - as boto3 has it
        """There is such a parameter, and it should not be overwritten."""

    class ParameterNotFound(Exception):  # noqa: N818 - as boto3 has it
        """There is no such parameter."""


class FakeSsm:
    """The calls of boto3's client by which stagectl writes and looks for parameters.

    Attributes:
        parameters: Type and value of each parameter.
        keys: The key of each parameter that was written with one.
        asked: How many names each listing by name asked for.
        history: Every version of each parameter, the oldest first.
        before_write: Called once, right before the next write.
    """

    exceptions = _Exceptions

    def __init__(self, **parameters: str) -> None:
        self.parameters: dict[str, tuple[str, str]] = {
            name: ("String", value) for name, value in parameters.items()
        }
        self.keys: dict[str, str] = {}
        self.fail_after_writes: int | None = None
        self.asked: list[int] = []
        self.history: dict[str, list[dict[str, Any]]] = {}
        self.before_write: Callable[[], object] | None = None
        self._operation = ""

    def values(self) -> dict[str, str]:
        return {name: value for name, (_, value) in self.parameters.items()}

    def put_parameter(self, **request: Any) -> dict[str, Any]:
        if self.before_write is not None:
            meanwhile, self.before_write = self.before_write, None
            meanwhile()
        if self.fail_after_writes == 0:
            raise ConnectionError
        if self.fail_after_writes is not None:
            self.fail_after_writes -= 1
        assert isinstance(request.get("Overwrite", False), bool), "boto3 takes nothing else"
        if request["Name"] in self.parameters and not request.get("Overwrite"):
            raise self.exceptions.ParameterAlreadyExists
        self.parameters[request["Name"]] = (request["Type"], request["Value"])
        if "KeyId" in request:
            self.keys[request["Name"]] = request["KeyId"]
        versions = self.history.setdefault(request["Name"], [])
        versions.append(
            {
                **self._document(request["Name"]),
                "Version": len(versions) + 1,
                "LastModifiedDate": datetime.now(UTC),
                "LastModifiedUser": WRITER,
            }
        )
        return {"Version": len(versions)}

    def get_parameter(self, **request: Any) -> dict[str, Any]:
        if request["Name"] not in self.parameters:
            raise self.exceptions.ParameterNotFound
        versions = self.history.get(request["Name"])
        return {"Parameter": versions[-1] if versions else self._document(request["Name"])}

    def delete_parameter(self, **request: Any) -> None:
        del self.parameters[request["Name"]]

    def get_parameters(self, **request: Any) -> dict[str, Any]:
        assert len(request["Names"]) <= 10, "SSM takes no more than ten"
        found = (name for name in request["Names"] if name in self.parameters)
        return {"Parameters": [self._document(name) for name in found]}

    def get_paginator(self, operation: str) -> "FakeSsm":
        assert operation in {"describe_parameters", "get_parameter_history", "get_parameters_by_path"}
        self._operation = operation
        return self

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        """Give a parameter a page, as SSM may."""
        if self._operation == "get_parameter_history":
            if request["Name"] not in self.history:
                raise self.exceptions.ParameterNotFound
            yield from ({"Parameters": [version]} for version in self.history[request["Name"]])
            return
        if self._operation == "describe_parameters":
            [wanted] = request["ParameterFilters"]
            assert (wanted["Key"], wanted["Option"]) == ("Name", "Equals")
            assert 1 <= len(wanted["Values"]) <= 50, "SSM takes no more than fifty"
            self.asked.append(len(wanted["Values"]))
            yield from (
                {"Parameters": [{"Name": name}]} for name in wanted["Values"] if name in self.parameters
            )
            return
        assert request["Recursive"] is False
        for name in list(self.parameters):
            if name.rpartition("/")[0] == request["Path"]:
                yield {"Parameters": [self._document(name)]}

    def _document(self, name: str) -> dict[str, str]:
        kind, value = self.parameters[name]
        return {"Name": name, "Type": kind, "Value": value}
