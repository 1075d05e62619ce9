"""Generate request models, event schemas, OpenAPI documents, service levels of READMEs, and docs/."""

from stagectl.checkout import Checkout
from stagectl.terminal import console


def generate() -> None:
    """Generate request models, event schemas, OpenAPI documents, the READMEs' service levels, and docs/.

    For docs/events.md, docs/events.json and docs/dashboards.svg all stacks are compiled for production.

    For example:

        stagectl generate
    """
    # Bring pydantic, which takes longer than most commands.
    from devtools.contracts import documents, overviews  # noqa: PLC0415

    checkout = Checkout.of_this_file()
    for path in [*documents.write(checkout.root), *overviews.write(checkout)]:
        console.result(checkout.shown(path))
