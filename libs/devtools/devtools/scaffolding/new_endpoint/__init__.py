"""Create an endpoint of a service from the templates beside this file."""

import keyword
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from devtools.scaffolding import scaffold
from stagectl.checkout.routes import routes_of
from stagectl.checkout.services import Stack, package_of
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.errors import UsageError
from stagectl.targets import preview_name
from stagectl.targets.stage_name import MAX_AWS_NAME_LENGTH, name_on_stage

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

_TEMPLATES = Path(__file__).parent / "template"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PATH = re.compile(r"(/([A-Za-z0-9][A-Za-z0-9._-]*|\{[a-z][A-Za-z0-9]*\}))+")
_VARIABLE = re.compile(r"\{(\w+)\}")
# With the function beside it: the table of service levels has routes too.
_TABLE_ROW = re.compile(r"^\| `(?:GET|POST|PUT|PATCH|DELETE) [^`]+` \| `.*\n", re.MULTILINE)
_TOP_LEVEL_KEY = re.compile(r"^[A-Za-z#]", re.MULTILINE)


@dataclass(frozen=True)
class Endpoint:
    """An endpoint to create.

    Attributes:
        stack: The service that it is added to.
        name: The use case, such as `rate-order`, which is also the key of the function.
        method: HTTP method in upper case.
        path: Path with placeholders, such as `/orders/{orderId}/cancel`.
    """

    stack: Stack
    name: str
    method: str
    path: str

    @property
    def use_case(self) -> str:
        """The name of its modules."""
        return self.name.replace("-", "_")

    @property
    def variables(self) -> list[str]:
        """The names in its path."""
        return _VARIABLE.findall(self.path)

    @property
    def sources(self) -> dict[Path, str]:
        """Its Python files, each with the template that it is made from."""
        folder = self.stack.folder
        package = folder / package_of(self.stack.name)
        return {
            package / "domain" / f"{self.use_case}.py": "domain.py",
            package / "handlers" / f"{self.use_case}.py": "handler.py",
            folder / "tests" / f"test_{self.use_case}.py": "test.py",
        }

    @property
    def tables(self) -> list[Path]:
        """The files of the service that it is written into."""
        names = ("serverless.yml", "README.md", "openapi.json")
        return [self.stack.folder / name for name in names]


def check(endpoint: Endpoint) -> None:
    """Raise unless a service can have an endpoint.

    Raises:
        UsageError: It cannot; the message says why.
    """
    stack, name, path = endpoint.stack, endpoint.name, endpoint.path
    if not _NAME.fullmatch(name) or keyword.iskeyword(endpoint.use_case):
        raise UsageError(
            f"{name!r} cannot be an endpoint: use a verb and what it acts on, such as rate-order, in "
            "lower-case letters and digits with single dashes."
        )
    longest = name_on_stage(stack.name, name, "x" * preview_name.MAX_LENGTH)
    if len(longest) > MAX_AWS_NAME_LENGTH:
        most = MAX_AWS_NAME_LENGTH - (len(longest) - len(name))
        raise UsageError(f"{name} has {len(name)} characters; an endpoint of {stack.name} may have {most}")
    if endpoint.method not in METHODS:
        raise UsageError(f"--method {endpoint.method} must be one of {', '.join(METHODS)}.")
    if not _PATH.fullmatch(path):
        raise UsageError(f"--path {path} must look like /orders/{{orderId}}/cancel.")
    taken = [path for path in endpoint.sources if path.exists()]
    if name in stack.functions or taken:
        raise UsageError(f"{stack.name} already has {name}. Choose another name.")
    _check_variables(endpoint.variables)
    _check_route(endpoint)


def create(root: Path, endpoint: Endpoint) -> None:
    """Write an endpoint that `check` allows: sources, test, its entries in the service's tables."""
    values = _values(endpoint)

    def filled(template: str) -> str:
        return scaffold.fill(_TEMPLATES / f"{template}{scaffold.SUFFIX}", values)

    for path, template in endpoint.sources.items():
        path.write_text(filled(template), encoding="utf-8")
    scaffold.tidy(root, endpoint.sources)
    folder = endpoint.stack.folder
    _insert(folder / "serverless.yml", filled("function.yml"), _end_of_functions)
    row = (
        f"| `{endpoint.method} {endpoint.path}` | `{endpoint.name}` | AWS_IAM | | … (say what it answers) |\n"
    )
    _insert(folder / "README.md", row, _end_of_routes)


def steps_left(endpoint: Endpoint) -> list[str]:
    """Return what a new endpoint still lacks, one sentence each, with the file."""
    service, use_case = endpoint.stack.name, endpoint.use_case
    package = f"services/{service}/{package_of(service)}"
    return [
        f"{package}/domain/{use_case}.py: what it decides; delete it if it only forwards.",
        f"{package}/handlers/{use_case}.py: what it takes and answers, in the signature of handle.",
        f"services/{service}/serverless.yml: authorizer, environment, iamRoleStatements; a body's schema.",
        f"services/{service}/tests/test_{use_case}.py and a scenario in tests-e2e/scenarios.",
        f"services/{service}/README.md: what it answers, in its row.",
        "Then run: stagectl generate && stagectl generate-roles. npm test names whatever is stale.",
    ]


def _check_variables(variables: Collection[str]) -> None:
    from pydantic import BaseModel  # noqa: PLC0415 - takes longer than most commands

    if len(set(variables)) < len(variables):
        raise UsageError("A variable appears twice in --path.")
    for variable in variables:
        field = _snake(variable)
        if keyword.iskeyword(field) or hasattr(BaseModel, field) or field.startswith("model_"):
            raise UsageError(f"{{{variable}}} in --path is a reserved name of Python or pydantic. Rename it.")


def _check_route(endpoint: Endpoint) -> None:
    """Raise unless API Gateway takes the route beside the service's others."""
    routes = routes_of(load_mapping(endpoint.stack.folder / "serverless.yml"))
    if not routes:
        raise UsageError(
            f"{endpoint.stack.name} has no API. Choose a service with one, or create one: "
            "stagectl new-service NAME."
        )
    wanted = endpoint.path.split("/")
    for route in routes:
        there = route.path.split("/")
        if (route.method, there) == (endpoint.method, wanted):
            raise UsageError(f"{route.function} already answers {route.method} {route.path}.")
        for one, other in zip(wanted, there, strict=False):
            if one != other and one.startswith("{") and other.startswith("{"):
                raise UsageError(
                    f"API Gateway allows one name for each position of a path: use {other} instead of {one}, "
                    f"as in {route.path}."
                )
            if one != other:
                break


def _values(endpoint: Endpoint) -> dict[str, str]:
    camel = "".join(word.capitalize() for word in endpoint.name.split("-"))
    fields = {_snake(variable): variable for variable in endpoint.variables}
    limits = "min_length=1, max_length=100"
    parameters = [f"{field}: str" for field in fields]
    return {
        "service": endpoint.stack.name,
        "package": package_of(endpoint.stack.name),
        "name": endpoint.name,
        "use_case": endpoint.use_case,
        "METHOD": endpoint.method,
        "path": endpoint.path,
        "Result": f"{camel}Result",
        "parameters": ", ".join(["*", *parameters] if parameters else []),
        "arguments": ", ".join(f"{field}={field}" for field in fields),
        "values": ", ".join(f"{field}={field}" for field in fields),
        "result_fields": "\n    ".join(
            f'{field}: Annotated[str, Field(serialization_alias="{name}")]' for field, name in fields.items()
        ),
        "path_parameters": ", ".join(
            f"{field}: Annotated[str, StringConstraints({limits}), FromPath()]" for field in fields
        ),
        "event_arguments": f"path_parameters={dict.fromkeys(endpoint.variables, 'example')}"
        if fields
        else "",
        "example_arguments": ", ".join(f'{field}="example"' for field in fields),
    }


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _insert(file: Path, text: str, place: Callable[[str], int]) -> None:
    """Write a text into a file, whose comments and layout stay."""
    before = file.read_text(encoding="utf-8")
    before += "" if before.endswith("\n") else "\n"
    at = place(before)
    file.write_text(before[:at] + text + before[at:], encoding="utf-8")


def _end_of_functions(text: str) -> int:
    begin = text.index("\nfunctions:\n") + len("\nfunctions:\n")
    following = _TOP_LEVEL_KEY.search(text, begin)
    end = following.start() if following else len(text)
    return len(text[:end].rstrip()) + 1


def _end_of_routes(text: str) -> int:
    rows = list(_TABLE_ROW.finditer(text))
    return rows[-1].end() if rows else len(text)
