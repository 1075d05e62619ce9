"""What changed between a commit and this checkout, as Markdown for who approves a release."""

from collections.abc import Iterator, Mapping, Sequence

from stagectl.checklist import contracts
from stagectl.checklist.contracts import ContractChange, git
from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.terminal import outside_text

_SHOWN = 30
_INFRASTRUCTURE = (
    "shared-infra",
    ":(glob)services/*/serverless.yml",
    ":(glob)services/*/resources/**",
    ":(glob)libs/serverless_plugins/*.cjs",
)
_PACKAGES = (":(glob)services/*/requirements.txt",)
_MIGRATIONS = (":(glob)services/*/migrations/*.py",)


def lines(checkout: Checkout, stacks: Mapping[str, Stack], commit: str) -> Iterator[str]:
    """Yield the report: commits, contracts, packages, templates, permissions, migrations.

    Args:
        checkout: The checkout, with its history.
        stacks: The services.
        commit: What is deployed.

    Raises:
        StagectlError: git does not know the commit.
    """
    commits = git(checkout, "log", "--format=%h %s", f"{commit}..HEAD").splitlines()
    changed = contracts.changes(checkout, stacks, dict.fromkeys(stacks, commit))
    breaking = [change for change in changed if change.is_breaking]
    yield f"## Changes since {git(checkout, 'rev-parse', '--short', commit).strip()}"
    yield from _section(f"{len(commits)} commits", map(_code, commits))
    if breaking:
        yield from _section("Breaking changes of APIs and events", map(_contract, breaking))
    compatible = [change for change in changed if not change.is_breaking]
    yield from _section("Other changes of APIs and events", map(_contract, compatible))
    yield from _section("Packages", _packages(checkout, commit))
    yield from _section("Templates", map(_code, _files(checkout, commit, _INFRASTRUCTURE)))
    yield from _section("Permissions", map(_code, _permissions(checkout, commit)))
    yield from _section("Migrations", map(_code, _files(checkout, commit, _MIGRATIONS)))


def _section(title: str, items: Iterator[str]) -> Iterator[str]:
    shown = list(items)
    yield ""
    yield f"### {title}"
    yield ""
    yield from (f"- {item}" for item in shown[:_SHOWN])
    if len(shown) > _SHOWN:
        yield f"- … and {len(shown) - _SHOWN} more"
    if not shown:
        yield "None."


def _files(checkout: Checkout, commit: str, paths: Sequence[str]) -> Iterator[str]:
    yield from git(checkout, "diff", "--stat=120", "--format=", commit, "--", *paths).splitlines()[:-1]


def _packages(checkout: Checkout, commit: str) -> Iterator[str]:
    """Yield the packages of the services whose versions changed."""
    for path, line in _lines(checkout, commit, _PACKAGES):
        if "==" in line:
            yield _code(f"{path.split('/')[1]} {line.removesuffix(' ' + chr(92))}")


def _permissions(checkout: Checkout, commit: str) -> Iterator[str]:
    """Yield the lines of templates by which a permission comes or goes."""
    for path, line in _lines(checkout, commit, _INFRASTRUCTURE):
        if "Action:" in line:
            yield f"{path}: {line[0]} {line[1:].strip()}"


def _lines(checkout: Checkout, commit: str, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the lines that differ, beginning with `+` or `-`, with their file."""
    path = ""
    for line in git(checkout, "diff", "--unified=0", "--no-prefix", commit, "--", *paths).splitlines():
        if line.startswith("+++ "):
            path = line.removeprefix("+++ ")
        elif line[:1] in {"+", "-"} and not line.startswith("--- "):
            yield path, line


def _contract(change: ContractChange) -> str:
    return _code(str(change))


def _code(text: str) -> str:
    """Write a text of others as code, so that none of it is Markdown."""
    return f"`{outside_text.printable(text).replace('`', chr(39)).strip()}`"
