"""What a route answers to whom it lets through, and to others."""

from drivers.exchange import Answer
from steps import then
from support.declared_routes import DeclaredRoute, Door

THROUGH = 0
"""In place of a status: whatever the function itself answers."""


def held_to(answer: Answer, expected: int, route: DeclaredRoute) -> None:
    """The answer of a route is a refusal with a status, or comes from the function itself."""
    if expected == THROUGH:
        assert answer.status not in {401, 403}, (answer.status, answer.text)
        assert answer.status < 500, (answer.status, answer.text)
    elif route.door is Door.IDENTITIES:
        # The emulator refuses some signatures before it comes to the API, and its answers.
        assert answer.status == expected, (answer.status, answer.text)
    else:
        then.it_is_refused(answer, expected)
