"""What changed in the contracts of a stage's services since they were deployed: APIs and events."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children

_API = "openapi.json"
_EVENTS = "events/*.schema.json"
_COMPARER = Path(__file__).with_name("contract_changes.cjs")


@dataclass(frozen=True)
class ContractChange:
    """One change of a contract.

    Attributes:
        contract: The API or event, such as `orders: order_placed`.
        what: What changed, such as `removed answerBy`.
        is_breaking: Whether a client or consumer that relied on it can fail.
    """

    contract: str
    what: str
    is_breaking: bool

    def __str__(self) -> str:
        return f"{self.contract}: {self.what}"


def changes(
    checkout: Checkout, stacks: Mapping[str, Stack], commits: Mapping[str, str]
) -> list[ContractChange]:
    """Compare the contracts of this checkout with those of the deployed commits.

    Args:
        checkout: The checkout, with its history.
        stacks: The services.
        commits: The deployed commit of each service; others are new and have nothing to break.

    Raises:
        StagectlError: git does not know a commit, or a contract cannot be read.
    """
    pairs: list[dict[str, Any]] = []
    found: list[ContractChange] = []
    for name, commit in commits.items():
        folder = stacks[name].folder
        before = dict(_at_commit(checkout, folder, commit))
        after = {
            path: path.read_text("utf-8") for path in [folder / _API, *folder.glob(_EVENTS)] if path.is_file()
        }
        for path in sorted(before.keys() | after.keys()):
            contract = f"{name}: {_named(path)}"
            if path not in after:
                found.append(ContractChange(contract, "removed", is_breaking=True))
            elif path not in before:
                found.append(ContractChange(contract, "added", is_breaking=False))
            elif before[path] != after[path]:
                pairs.append(
                    {
                        "name": contract,
                        "kind": "api" if path.name == _API else "event",
                        "before": _document(path, before[path]),
                        "after": _document(path, after[path]),
                    }
                )
    return found + _compared(checkout, pairs)


def _compared(checkout: Checkout, pairs: Sequence[Mapping[str, Any]]) -> list[ContractChange]:
    if not pairs:
        return []
    with NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(pairs, file)
        file.flush()
        ran = Children().run(["node", str(_COMPARER), file.name], cwd=checkout.root)
    if ran.exit_code:
        raise StagectlError(f"The contracts could not be compared:\n{ran.output.strip()}")
    return [
        ContractChange(change["name"], change["what"], change["isBreaking"])
        for change in json.loads(ran.output)
    ]


def _at_commit(checkout: Checkout, folder: Path, commit: str) -> Iterator[tuple[Path, str]]:
    """Yield the contracts of a service with their text, as a commit has them."""
    inside = folder.relative_to(checkout.root)
    listed = git(checkout, "ls-tree", "-r", "--name-only", "-z", commit, "--", str(inside))
    for name in filter(None, listed.split("\0")):
        if Path(name) == inside / _API or Path(name).match(str(inside / _EVENTS)):
            yield checkout.root / name, git(checkout, "show", f"{commit}:{name}")


def git(checkout: Checkout, *arguments: str) -> str:
    """Run git in the checkout and return what it printed.

    Raises:
        StagectlError: It failed.
    """
    ran = Children().run(["git", *arguments], cwd=checkout.root)
    if ran.exit_code:
        raise StagectlError(
            f"git {arguments[0]} failed: {ran.output.strip()}. A shallow clone lacks older commits: "
            "git fetch --unshallow."
        )
    return ran.output


def _document(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise StagectlError(f"{path} is not JSON: {error}.") from None


def _named(path: Path) -> str:
    return "API" if path.name == _API else path.name.removesuffix(".schema.json")
