"""Generate request models, event schemas, OpenAPI documents, service levels of READMEs, and docs/."""

from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson
from stagectl.terminal import json_document


def generate(*, as_json: AsJson = False) -> None:
    """Generate request models, event schemas, OpenAPI documents, the READMEs' service levels, and docs/.

    For docs/events.md, docs/events.json and docs/dashboards.svg all stacks are compiled for production.

    For example:

        stagectl generate
    """
    # Bring pydantic, which takes longer than most commands.
    from devtools.contracts import documents, overviews  # noqa: PLC0415

    checkout = Checkout.of_this_file()
    written = [*documents.write(checkout.root), *overviews.write(checkout)]
    json_document.show_lines([checkout.shown(path) for path in written], as_json=as_json)
