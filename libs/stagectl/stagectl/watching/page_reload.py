"""Reload open pages when what they show was replaced.

The scripts of pages get some more lines, in the package that `stagectl dev` uploads and in no other. They ask
the emulator's S3, by a presigned URL, for an object that is written after each change. The URL has the origin
of the services, so the content security policy of the pages allows it, and no function is invoked for it.
"""

import uuid
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from stagectl import aws
from stagectl.checkout.services import Stack
from stagectl.deployment import stack_inputs

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_KEY = "stagectl-dev/last-change"
_LONGEST_VALID_SECONDS = 7 * 24 * 60 * 60
_SCRIPT = """
;(() => {
  let before;
  setInterval(async () => {
    const answer = await fetch("URL", { cache: "no-store" }).catch(() => undefined);
    const now = answer?.ok ? await answer.text() : before;
    if (before && now !== before) location.reload();
    before = now;
  }, 1000);
})();
"""


class PageReload:
    """Makes the pages of a service reload.

    Args:
        stack: The service, deployed.
        stage: Stage name; its target has been entered.
    """

    def __init__(self, stack: Stack, stage: str) -> None:
        self._s3: S3Client = aws.session().client("s3")
        found = (
            aws.session()
            .client("cloudformation")
            .describe_stack_resource(
                StackName=stack.on_stage(stage), LogicalResourceId="ServerlessDeploymentBucket"
            )
        )
        self._bucket = found["StackResourceDetail"]["PhysicalResourceId"]

    def announce(self) -> None:
        """Make open pages reload within a second."""
        self._s3.put_object(Bucket=self._bucket, Key=_KEY, Body=uuid.uuid4().hex.encode())

    def script(self) -> bytes:
        """Return the lines that are added to each script of the pages."""
        url = self._s3.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": _KEY}, ExpiresIn=_LONGEST_VALID_SECONDS
        )
        return _SCRIPT.replace("URL", url).encode()


def scripts_of(stack: Stack) -> Collection[str]:
    """Return the names of a service's bundled scripts in its package; none without `browserBundle`."""
    bundle = stack_inputs.bundle_of(stack, "browserBundle")
    return [f"{bundle['outdir']}/{Path(entry).name}" for entry in bundle["entryPoints"]] if bundle else []
