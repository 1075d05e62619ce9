"""Functions behind aliases, in moto's Lambda, and a stack that has them."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto import mock_aws

from stagectl import aws
from stagectl.releases.live import ALIAS, LiveAliases
from stagectl.stacks.stack_reader import StackReader

from .cloud import FakeCloud, Stack

REGION = "us-east-1"
STACK = "orders-prod"


class ReleasedStack:
    """A stack whose functions are published and aliased as a deployment does it.

    Attributes:
        functions: Lambda's client.
        aliases: Its aliases.
    """

    def __init__(self, *names: str) -> None:
        session = aws.session(region_name=REGION)
        self.functions: Any = session.client("lambda")
        self._stack = Stack(STACK)
        self._role = session.client("iam").create_role(RoleName="x", AssumeRolePolicyDocument="{}")
        self._deployments = 0
        self.aliases = LiveAliases(StackReader(FakeCloud(self._stack)), self.functions)  # type: ignore[arg-type]
        self.deploy(*names)

    def deploy(self, *names: str) -> None:
        """Publish a new version of functions, and point their aliases at it."""
        self._deployments += 1
        for name in names:
            if any(name in arn for _, _, arn in self._stack.resources):
                self.functions.update_function_code(FunctionName=name, ZipFile=self._code())
                version = self.functions.publish_version(FunctionName=name)["Version"]
                self.point(name, version)
            else:
                self._create(name)

    def point(self, name: str, version: str, **shares: float) -> None:
        """Point an alias at a version, or at two."""
        weights = {number.removeprefix("v"): share for number, share in shares.items()}
        self.functions.update_alias(
            FunctionName=name,
            Name=ALIAS,
            FunctionVersion=version,
            RoutingConfig={"AdditionalVersionWeights": weights},
        )

    def live(self) -> dict[str, str]:
        """Return the live version of each function."""
        return {function.name: function.version for function in self.aliases.of_stack(STACK)}

    def versions(self, name: str) -> list[str]:
        """Return the published versions of a function."""
        found = self.functions.list_versions_by_function(FunctionName=name)["Versions"]
        return [one["Version"] for one in found if one["Version"] != "$LATEST"]

    def _create(self, name: str) -> None:
        self.functions.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=self._role["Role"]["Arn"],
            Handler="shop.handle",
            Code={"ZipFile": self._code()},
        )
        version = self.functions.publish_version(FunctionName=name)["Version"]
        alias = self.functions.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)
        self._stack.resources.append((f"{name}Alias", "AWS::Lambda::Alias", alias["AliasArn"]))

    def _code(self) -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("shop.py", json.dumps(self._deployments))
        return content.getvalue()


@contextmanager
def released(*names: str) -> Iterator[ReleasedStack]:
    """Yield a stack with functions, each of one version."""
    with mock_aws(config={"lambda": {"use_docker": False}}):
        yield ReleasedStack(*names)
