"""Reload open pages when what they show was replaced.

The scripts of pages get some more lines, in the package that `stagectl dev` uploads and in no other. They ask
the emulator's S3, by a presigned URL, for an object that is written after each change. The URL has the origin
of the services, so the content security policy of the pages allows it, and no function is invoked for it.
"""

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_KEY = "stagectl-dev/last-change"
_LONGEST_VALID_SECONDS = 7 * 24 * 60 * 60
# The page stays while it would be an error, which has no script to reload it. What it showed last is kept, so
# that a change is not missed that comes while it loads; without that, the age of the change decides.
_SCRIPT = """
;(() => {
  const KEY = "stagectl-dev", options = { cache: "no-store" };
  const look = async () => {
    const answer = await fetch("URL", options), now = await answer.text();
    const [answered, changed] = ["date", "last-modified"].map((name) => Date.parse(answer.headers.get(name)));
    const before = sessionStorage.getItem(KEY);
    const isNew = before ? now !== before : answered - changed <= performance.now();
    if (!answer.ok) return;
    const page = isNew && (await fetch(location.href, options));
    sessionStorage.setItem(KEY, now);
    if (page.ok) location.reload();
    else if (page) console.error(`stagectl dev: this page answers ${page.status}; stagectl logs says why`);
  };
  const again = () => look().catch(() => {}).finally(() => setTimeout(again, 50));
  again();
})();
"""


class PageReload:
    """Makes the pages of a service reload.

    Attributes:
        script: The lines that are added to each script of the pages.

    Args:
        s3: Client of the emulator's S3.
        bucket: The service's deployment bucket.
    """

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        url = s3.generate_presigned_url(
            "get_object", Params={"Bucket": bucket, "Key": _KEY}, ExpiresIn=_LONGEST_VALID_SECONDS
        )
        self.script = _SCRIPT.replace("URL", url).encode()

    def announce(self) -> None:
        """Make open pages reload within a tenth of a second."""
        self._s3.put_object(Bucket=self._bucket, Key=_KEY, Body=uuid.uuid4().hex.encode())
