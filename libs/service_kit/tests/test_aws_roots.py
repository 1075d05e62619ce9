import ssl
from pathlib import Path

import botocore

from service_kit.aws import AWS_ROOTS


def test_every_root_that_the_kit_trusts_is_one_that_botocore_trusts() -> None:
    theirs = _certificates(Path(botocore.__file__).with_name("cacert.pem"))
    ours = _certificates(AWS_ROOTS)
    assert len(ours) == 5
    assert ours <= theirs


def _certificates(bundle: Path) -> set[bytes]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=str(bundle))
    return set(context.get_ca_certs(binary_form=True))
