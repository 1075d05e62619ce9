import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from devtools.scaffolding import new_endpoint, scaffold
from devtools.scaffolding.new_endpoint import Endpoint
from stagectl.checkout import Checkout, services
from stagectl.checkout.services import Stack
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.errors import UsageError

ROOT = Checkout.of_this_file().root
Write = Callable[[str, str], Path]
SERVERLESS = """\
service: gift-cards

functions:
  # Why it is there.
  get-card:
    handler: gift_cards.handlers.get_card.handle  # said once
    events:
      - http: {method: GET, path: "/cards/{cardId}", authorizer: aws_iam}
    iamRoleStatements: []

# What else there is.
resources:
  - ${file(./resources/table.yml)}
"""
README = """\
# gift-cards

| route | function | who | body or query | answers |
|---|---|---|---|---|
| `GET /cards/{cardId}` | `get-card` | AWS_IAM | | a card |

| | 95 of 100 within | 99 of 100 within | |
|---|---|---|---|
| `GET /cards/{cardId}` | 300 ms | 2,500 ms | Other services wait for it. |

Further words.
"""


@pytest.fixture
def stack(checkout: Checkout, write: Write) -> Stack:
    """A service with one endpoint, in a checkout with this one's rules of style."""
    shutil.copy(ROOT / "pyproject.toml", checkout.root)
    write("services/gift-cards/serverless.yml", SERVERLESS)
    write("services/gift-cards/README.md", README)
    for package in ("gift_cards/domain", "gift_cards/handlers", "tests"):
        (checkout.root / "services/gift-cards" / package).mkdir(parents=True)
    return services.discover(checkout.root)["gift-cards"]


def make(checkout: Checkout, endpoint: Endpoint) -> None:
    new_endpoint.check(endpoint)
    new_endpoint.create(checkout.root, endpoint)


def test_the_function_is_declared_with_its_memory_and_start(checkout: Checkout, stack: Stack) -> None:
    make(checkout, Endpoint(stack, "list-cards", "GET", "/cards"))
    make(checkout, Endpoint(stack, "void-card", "POST", "/cards/{cardId}/void"))

    functions = load_mapping(stack.folder / "serverless.yml")["functions"]
    assert list(functions) == ["get-card", "list-cards", "void-card"]
    assert functions["void-card"]["handler"] == "gift_cards.handlers.void_card.handle"
    for key in ("list-cards", "void-card"):
        assert functions[key]["memorySize"] == 512
        assert functions[key]["snapStart"] == "${param:snapStart}"
    assert (stack.folder / "serverless.yml").read_text().count(
        "    # Callers wait for it.\n    memorySize:"
    ) == 2


def test_comments_and_layout_of_what_was_there_stay(checkout: Checkout, stack: Stack) -> None:
    make(checkout, Endpoint(stack, "list-cards", "GET", "/cards"))

    written = (stack.folder / "serverless.yml").read_text()
    before, after = SERVERLESS.split("\n# What else")
    assert written.startswith(before)
    assert written.endswith(f"\n# What else{after}")


def test_its_row_follows_the_other_routes(checkout: Checkout, stack: Stack) -> None:
    make(checkout, Endpoint(stack, "list-cards", "GET", "/cards"))

    lines = (stack.folder / "README.md").read_text().splitlines()
    at = lines.index("| `GET /cards/{cardId}` | `get-card` | AWS_IAM | | a card |")
    assert lines[at + 1].startswith("| `GET /cards` | `list-cards` | AWS_IAM |")
    assert lines[-1] == "Further words."


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("get-card", "already has get-card"),
        ("GetCards", "cannot be an endpoint"),
        ("list_cards", "cannot be an endpoint"),
        ("list--cards", "cannot be an endpoint"),
        ("1st", "cannot be an endpoint"),
        ("import", "cannot be an endpoint"),
        ("../x", "cannot be an endpoint"),
        ("", "cannot be an endpoint"),
        ("x" * 25, "may have 24"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(stack: Stack, name: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        new_endpoint.check(Endpoint(stack, name, "GET", "/x"))


def test_the_longest_name_is_allowed(stack: Stack) -> None:
    new_endpoint.check(Endpoint(stack, "x" * 24, "GET", "/x"))


def test_a_module_that_is_there_already_is_not_overwritten(stack: Stack) -> None:
    (stack.folder / "gift_cards" / "domain" / "models.py").touch()

    with pytest.raises(UsageError, match="already has models"):
        new_endpoint.check(Endpoint(stack, "models", "GET", "/models"))


@pytest.mark.parametrize(
    ("method", "path", "reason"),
    [
        ("GET", "/cards/{cardId}", "get-card already answers GET /cards/{cardId}"),
        ("GET", "/cards/{id}/owner", "use {cardId} instead of {id}"),
        ("HEAD", "/x", "--method HEAD must be one of"),
        ("GET", "cards", "--path cards must look like"),
        ("GET", "/cards/", "must look like"),
        ("GET", "/cards/{card id}", "must look like"),
        ("GET", "/cards/{cardId+}", "must look like"),
        ("GET", '/cards"', "must look like"),
        ("GET", "/shops/{shop}/{shop}", "appears twice"),
        ("GET", "/shops/{class}", "is a reserved name of Python or pydantic"),
        ("GET", "/shops/{json}", "is a reserved name of Python or pydantic"),
    ],
)
def test_a_route_that_cannot_be_is_refused_with_the_reason(
    stack: Stack, method: str, path: str, reason: str
) -> None:
    with pytest.raises(UsageError) as refused:
        new_endpoint.check(Endpoint(stack, "new-thing", method, path))
    assert reason in str(refused.value)


def test_a_service_without_an_api_gets_none(checkout: Checkout, write: Write) -> None:
    write("services/news/serverless.yml", "service: news\nfunctions: {}\n")
    news = services.discover(checkout.root)["news"]

    with pytest.raises(UsageError, match="news has no API"):
        new_endpoint.check(Endpoint(news, "list-news", "GET", "/news"))


def test_nothing_stays_of_what_failed(checkout: Checkout, stack: Stack) -> None:
    def contents() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in sorted(stack.folder.rglob("*")) if path.is_file()}

    endpoint, before = Endpoint(stack, "list-cards", "GET", "/cards"), contents()

    with (
        suppress(KeyboardInterrupt),
        scaffold.undone_on_failure(checkout, [*endpoint.sources, *endpoint.tables]),
    ):
        make(checkout, endpoint)
        raise KeyboardInterrupt

    assert contents() == before


def test_nothing_stays_of_a_folder_that_failed(checkout: Checkout, write: Write) -> None:
    folder = checkout.root / "services" / "news"
    with suppress(UsageError), scaffold.undone_on_failure(checkout, [folder]):
        write("services/news/deep/file.py", "")
        raise UsageError
    assert not folder.exists()
