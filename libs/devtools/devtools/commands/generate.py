"""Generate request models, event schemas, OpenAPI documents and the READMEs' service levels."""

from stagectl.checkout import Checkout
from stagectl.terminal import console


def generate() -> None:
    """Generate request models, event schemas, OpenAPI documents and the READMEs' service levels.

    For example:

        stagectl generate
    """
    from devtools.contracts import documents  # noqa: PLC0415 - brings pydantic, which takes longer than most commands

    checkout = Checkout.of_this_file()
    for path in documents.write(checkout.root):
        console.result(checkout.shown(path))
