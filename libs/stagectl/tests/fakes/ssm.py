"""A small SSM: parameters in memory."""

from collections.abc import Iterator
from typing import Any


class FakeSsm:
    """The calls of boto3's client by which a stage takes services from another."""

    def __init__(self, **parameters: str) -> None:
        self.parameters: dict[str, tuple[str, str]] = {
            name: ("String", value) for name, value in parameters.items()
        }
        self.fail_after_writes: int | None = None

    def values(self) -> dict[str, str]:
        return {name: value for name, (_, value) in self.parameters.items()}

    def put_parameter(self, **request: Any) -> None:
        if self.fail_after_writes == 0:
            raise ConnectionError
        if self.fail_after_writes is not None:
            self.fail_after_writes -= 1
        self.parameters[request["Name"]] = (request["Type"], request["Value"])

    def delete_parameter(self, **request: Any) -> None:
        del self.parameters[request["Name"]]

    def get_parameters(self, **request: Any) -> dict[str, Any]:
        assert len(request["Names"]) <= 10, "SSM takes no more than ten"
        found = (name for name in request["Names"] if name in self.parameters)
        return {"Parameters": [self._document(name) for name in found]}

    def get_paginator(self, _: str) -> "FakeSsm":
        return self

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        """Give a parameter a page, as SSM may."""
        assert request["Recursive"] is False
        for name in list(self.parameters):
            if name.rpartition("/")[0] == request["Path"]:
                yield {"Parameters": [self._document(name)]}

    def _document(self, name: str) -> dict[str, str]:
        kind, value = self.parameters[name]
        return {"Name": name, "Type": kind, "Value": value}
