"""A small AWS: stacks of a published application, its state machine, and the function that it tunes."""

import json
from types import SimpleNamespace
from typing import Any

FUNCTION_ARN = "arn:aws:lambda:eu-central-1:123456789012:function:restaurants-dev-get-index"
LAYER_ARN = "arn:aws:lambda:eu-central-1:123456789012:layer:AWS-SDK-v3:7"
CHART = "https://lambda-power-tuning.show/#a;b;c"


class ClientError(Exception):
    """What boto3 raises."""


class FakeAws:
    """The calls of four boto3 clients, as one; each status lasts for one look.

    Attributes:
        stacks: Status of each stack, by name.
        aliases: Version of each alias of the function, by name.
        layers: Versions of layers that exist.
        memory_mb: The function's memory.
        end: How the tuning ends.
        interrupted_at: The call in which somebody presses Ctrl-C.
    """

    exceptions = SimpleNamespace(ClientError=ClientError)

    def __init__(self) -> None:
        self.stacks: dict[str, str] = {}
        self.aliases = {"live": "3"}
        self.versions = {"3"}
        self.layers: set[str] = set()
        self.memory_mb = 512
        self.end = "SUCCEEDED"
        self.created_as = "CREATE_COMPLETE"
        self.interrupted_at: str | None = None
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def asked(self, action: str) -> list[dict[str, Any]]:
        return [request for name, request in self.calls if name == action]

    def get_function_configuration(self, **request: Any) -> dict[str, Any]:
        self._note("get_function_configuration", request)
        return {"FunctionArn": FUNCTION_ARN, "MemorySize": self.memory_mb}

    def list_aliases(self, **request: Any) -> dict[str, Any]:
        self._note("list_aliases", request)
        return {"Aliases": [{"Name": n, "FunctionVersion": v} for n, v in self.aliases.items()]}

    def delete_alias(self, **request: Any) -> None:
        del self.aliases[request["Name"]]

    def delete_function(self, **request: Any) -> None:
        self.versions.remove(request["Qualifier"])

    def update_function_configuration(self, **request: Any) -> None:
        self.memory_mb = request["MemorySize"]

    def delete_layer_version(self, **request: Any) -> None:
        self.layers.remove(f"{request['LayerName']}:{request['VersionNumber']}")

    def create_cloud_formation_change_set(self, **request: Any) -> dict[str, Any]:
        self._note("create_cloud_formation_change_set", request)
        self.stacks[f"serverlessrepo-{request['StackName']}"] = "REVIEW_IN_PROGRESS"
        return {"ChangeSetId": "change-set"}

    def describe_change_set(self, **request: Any) -> dict[str, Any]:
        self._note("describe_change_set", request)
        return {"Status": "CREATE_COMPLETE"}

    def execute_change_set(self, **request: Any) -> None:
        self._note("execute_change_set", request)
        (name,) = self.stacks
        self.stacks[name] = self.created_as
        self.layers.add(LAYER_ARN)

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803, as the SDK spells it
        if StackName not in self.stacks:
            raise ClientError(f"Stack with id {StackName} does not exist")
        outputs = [{"OutputKey": "StateMachineARN", "OutputValue": "machine"}]
        stack = {"StackStatus": self.stacks[StackName], "StackId": StackName, "Outputs": outputs}
        return {"Stacks": [stack]}

    def describe_stack_resources(self, **_request: Any) -> dict[str, Any]:
        return {
            "StackResources": [
                {"ResourceType": "AWS::Lambda::LayerVersion", "PhysicalResourceId": layer}
                for layer in self.layers
            ]
        }

    def delete_stack(self, **request: Any) -> None:
        self._note("delete_stack", request)
        del self.stacks[request["StackName"]]

    def start_execution(self, **request: Any) -> dict[str, Any]:
        self._note("start_execution", request)
        # As the application does for each amount of memory.
        self.aliases["RAM128"] = "4"
        self.versions.add("4")
        self.memory_mb = 128
        return {"executionArn": "execution"}

    def describe_execution(self, **request: Any) -> dict[str, Any]:
        self._note("describe_execution", request)
        if self.end == "SUCCEEDED":
            self.aliases.pop("RAM128", None)
            self.versions.discard("4")
            self.memory_mb = 512
        stats = [
            {"value": 512, "averageDuration": 20.5, "averagePrice": 2e-7},
            {"value": 128, "averageDuration": 80.0, "averagePrice": 1.5e-7},
        ]
        return {
            "status": self.end,
            "output": json.dumps({"power": 128, "stats": stats, "stateMachine": {"visualization": CHART}}),
        }

    def stop_execution(self, **request: Any) -> None:
        self._note("stop_execution", request)

    def _note(self, action: str, request: dict[str, Any]) -> None:
        self.calls.append((action, request))
        if action == self.interrupted_at:
            self.interrupted_at = None
            raise KeyboardInterrupt
