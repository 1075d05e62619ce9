"""The stacks of the checkout, found rather than listed.

They are shared-infra, every services/*/serverless.yml, and the opt-in stacks shared-infra/*/serverless.yml;
of a repository that adopts stagectl, those that its table names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stagectl.checkout import adoption, output_handoff, ssm_handoff
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.errors import StacksError, UsageError
from stagectl.terminal import hints

_OF_THE_ACCOUNT = "account"
"""The folder of the stack that belongs to the account and to no stage."""


@dataclass(frozen=True)
class Stack:
    """One deployable folder.

    Attributes:
        name: Service name, the first part of the CloudFormation stack's name.
        folder: Folder that holds its serverless.yml.
        functions: Keys of its functions, as they stand in serverless.yml.
        consumes: Producers whose SSM parameters its templates read at deployment, each with the file that
            says so.
        publishes_url: Whether it publishes a serviceUrl.
        is_opt_in: Whether only stages have it whose parameter of its name is true.
    """

    name: str
    folder: Path
    functions: tuple[str, ...] = ()
    consumes: tuple[tuple[str, Path], ...] = ()
    publishes_url: bool = False
    is_opt_in: bool = False

    @property
    def dependencies(self) -> frozenset[str]:
        """Names of the stacks that must be there before this one deploys."""
        return frozenset(producer for producer, _ in self.consumes)

    @property
    def seed_script(self) -> Path:
        """Path of the script that fills a fresh stage; it need not exist."""
        return self.folder / "seed.py"

    def on_stage(self, stage: str) -> str:
        """Return the name of its CloudFormation stack on a stage."""
        return f"{self.name}-{stage}"


def event_queues_for(stack: Stack, detail_type: str) -> dict[str, Mapping[str, Any]]:
    """Return the queues of a stack that name an event, by their names in `custom.eventQueues`."""
    custom = load_mapping(stack.folder / "serverless.yml").get("custom") or {}
    queues = custom.get("eventQueues") or {}
    return {name: queue for name, queue in queues.items() if detail_type in queue.get("detailTypes", ())}


def package_of(service: str) -> str:
    """Return the name of a service's Python package, in which no dash may be."""
    return service.replace("-", "_")


def discover(root: Path) -> dict[str, Stack]:
    """Return the stacks of a checkout by name, in an order that deploys.

    Raises:
        StacksError: A serverless.yml cannot be read, two stacks share a name, a stack consumes what no stack
             produces, or their dependencies form a circle.
    """
    if adopted := adoption.read(root):
        return _in_order(_of_patterns(root, adopted.services))
    shared = root / "shared-infra"
    opt_in = sorted(path for path in shared.glob("*/serverless.yml") if path.parent.name != _OF_THE_ACCOUNT)
    files = [shared / "serverless.yml", *sorted(root.glob("services/*/serverless.yml")), *opt_in]
    stacks: dict[str, Stack] = {}
    for path in filter(Path.is_file, files):
        stack = _read(path)
        if path in opt_in:
            # It stands on what the others have, such as their log groups.
            stack = replace(stack, is_opt_in=True, consumes=tuple((name, path) for name in stacks))
        _add(stacks, stack)
    _check_producers(stacks)
    return _in_order(stacks)


def _of_patterns(root: Path, patterns: Iterable[str]) -> dict[str, Stack]:
    """Return the stacks of a repository whose layout is its own.

    Parameters that none of its stacks writes are those of another repository, or of its operators.
    """
    stacks: dict[str, Stack] = {}
    for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
        _add(stacks, _read(path))
    if not stacks:
        raise StacksError(f"{adoption.TABLE} services: no file of {root} fits {', '.join(patterns)}.")
    outputs = output_handoff.producers({name: _templates(stack.folder) for name, stack in stacks.items()})
    for name, stack in stacks.items():
        consumes = {**dict(stack.consumes), **outputs[name]}
        known = sorted(one for one in consumes.items() if one[0] in stacks and one[0] != name)
        stacks[name] = replace(stack, consumes=tuple(known))
    return stacks


def _in_order(stacks: dict[str, Stack]) -> dict[str, Stack]:
    return {name: stacks[name] for name in deployment_order(stacks.values())}


def _add(stacks: dict[str, Stack], stack: Stack) -> None:
    if stack.name in stacks:
        other = stacks[stack.name].folder
        raise StacksError(
            f"{stack.folder}/serverless.yml and {other}/serverless.yml are both called {stack.name}"
        )
    stacks[stack.name] = stack


def select(stacks: Mapping[str, Stack], names: Iterable[str]) -> dict[str, Stack]:
    """Return the named stacks, or all without a name, in the same order.

    Raises:
        UsageError: There is no such service.
    """
    wanted = list(names)
    for name in wanted:
        if name not in stacks:
            raise UsageError(hints.unknown("service", name, stacks))
    return {name: stack for name, stack in stacks.items() if not wanted or name in wanted}


def deployment_order(stacks: Iterable[Stack]) -> list[str]:
    """Return names so that every stack comes after those it depends on, otherwise in the order given.

    Raises:
        StacksError: The dependencies of the stacks form a circle.
    """
    return [name for wave in waves(stacks) for name in wave]


def waves(stacks: Iterable[Stack]) -> list[list[str]]:
    """Return names in waves: each stack depends on stacks of earlier waves only.

    Raises:
        StacksError: The dependencies of the stacks form a circle.
    """
    waiting = {stack.name: stack.dependencies for stack in stacks}
    found: list[list[str]] = []
    while waiting:
        ready = [name for name, needs in waiting.items() if not needs & waiting.keys()]
        if not ready:
            raise StacksError(
                f"The dependencies of these stacks form a circle: {' -> '.join(_circle(waiting))}."
            )
        found.append(ready)
        for name in ready:
            del waiting[name]
    return found


def _circle(waiting: dict[str, frozenset[str]]) -> list[str]:
    path = [next(iter(waiting))]
    while True:
        following = min(waiting[path[-1]] & waiting.keys())
        if following in path:
            return [*path[path.index(following) :], following]
        path.append(following)


def _read(path: Path) -> Stack:
    document = load_mapping(path)
    name = document.get("service")
    if not isinstance(name, str) or "$" in name:
        raise StacksError(f"{path}: the key `service` must be a name, without variables.")
    functions = document.get("functions")
    templates = _templates(path.parent)
    consumes = {
        producer: template
        for template in reversed(templates)
        for producer in ssm_handoff.producers_read_by(template)
    }
    return Stack(
        name=name,
        folder=path.parent,
        functions=tuple(map(str, functions)) if isinstance(functions, dict) else (),
        consumes=tuple(sorted(consumes.items())),
        publishes_url=any(ssm_handoff.publishes(template, "serviceUrl") for template in templates),
    )


def _templates(folder: Path) -> list[Path]:
    return [folder / "serverless.yml", *sorted(folder.glob("resources/*.yml"))]


def _check_producers(stacks: dict[str, Stack]) -> None:
    for stack in stacks.values():
        for producer, path in stack.consumes:
            if producer not in stacks:
                raise StacksError(
                    f"{path} reads an SSM parameter of {producer}, but there is no such stack. "
                    f"Stacks: {', '.join(stacks)}."
                )
