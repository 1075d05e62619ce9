"""The functions and the package of a service that were deployed last."""

import tempfile
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack, package_of
from stagectl.targets.stage_name import name_on_stage
from stagectl.watching.import_check import ImportCheck
from stagectl.watching.package import Package
from stagectl.watching.page_reload import PageReload

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_s3.client import S3Client

_AT_ONCE = 4
_DOWNLOAD_TIMEOUT_SECONDS = 10
_KEY = "stagectl-dev/code.zip"


@dataclass(frozen=True)
class Function:
    """A deployed function.

    Attributes:
        handler: Module and name of what it runs.
        environment: Its variables, and Lambda's own that makes its code start as it does there.
    """

    handler: str
    environment: Mapping[str, str]

    @property
    def file(self) -> str:
        """The file of its handler in the package."""
        return f"{self.handler.rpartition('.')[0].replace('.', '/')}.py"


class DeployedCode:
    """The functions of a service, and what they need to be replaced.

    Args:
        checkout: The checkout.
        stack: The service.
        stage: Stage name; its target has been entered.
    """

    def __init__(self, checkout: Checkout, stack: Stack, stage: str) -> None:
        self._lambda: LambdaClient = aws.session().client("lambda")
        self._s3: S3Client = aws.session().client("s3")
        self._bucket = _deployment_bucket(stack.on_stage(stage))
        self.page_reload = PageReload(self._s3, self._bucket)
        self._names = {name: name_on_stage(stack.name, name, stage) for name in stack.functions}
        self.functions = {name: self._function(on_stage) for name, on_stage in self._names.items()}
        first = self._lambda.get_function(FunctionName=next(iter(self._names.values())))
        # The emulator's address is a loopback name, and no proxy reaches it.
        download = httpx.get(
            first["Code"]["Location"], timeout=_DOWNLOAD_TIMEOUT_SECONDS, trust_env=False
        ).raise_for_status()
        self.package = Package.read(download.content, package_of(stack.name))
        self._folder = tempfile.TemporaryDirectory(prefix=f"bigmouth-{stack.name}-")
        self.package.unpack_libraries(Path(self._folder.name))
        self.check = ImportCheck(checkout, stack.folder, Path(self._folder.name))

    def affected_by(self, changed: Collection[str]) -> dict[str, Function]:
        """Return the functions to which files matter."""
        handlers = {function.file for function in self.functions.values()}
        if not handlers.issuperset(changed):
            return self.functions
        return {name: one for name, one in self.functions.items() if one.file in changed}

    def upload(self, package: bytes) -> None:
        """Store the package from which functions are replaced."""
        self._s3.put_object(Bucket=self._bucket, Key=_KEY, Body=package)

    def replace(self, functions: Collection[str]) -> None:
        """Replace the code of functions by the package that was uploaded last."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(
                pool.map(
                    lambda name: self._lambda.update_function_code(
                        FunctionName=self._names[name], S3Bucket=self._bucket, S3Key=_KEY
                    ),
                    functions,
                )
            )

    def close(self) -> None:
        """End the check and remove the unpacked libraries."""
        self.check.close()
        self._folder.cleanup()

    def _function(self, name: str) -> Function:
        configuration = self._lambda.get_function_configuration(FunctionName=name)
        environment = configuration.get("Environment", {}).get("Variables", {})
        return Function(configuration["Handler"], {**environment, "AWS_LAMBDA_FUNCTION_NAME": name})


def _deployment_bucket(stack: str) -> str:
    found = (
        aws.session()
        .client("cloudformation")
        .describe_stack_resource(StackName=stack, LogicalResourceId="ServerlessDeploymentBucket")
    )
    return found["StackResourceDetail"]["PhysicalResourceId"]
