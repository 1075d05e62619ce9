"""Serves each saved change on the local stage while `stagectl dev` runs."""

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import watchfiles

from stagectl.checkout import Checkout, yaml_loader
from stagectl.deployment.deploy import unfinished_mark
from stagectl.errors import StagectlError
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.terminal import console
from stagectl.terminal.json_document import shown_clock
from stagectl.watching import changes, generated_files
from stagectl.watching.browser_bundles import BrowserBundles
from stagectl.watching.served_code import ServedCode

_QUIET_MS = 30
"""Changes that follow each other faster are one: an editor writes, renames and removes for one save."""

_LONGEST_BURST_MS = 1000
_LOOK_MS = 500
_READ = frozenset({".yml", ".yaml", ".json"})


@contextlib.contextmanager
def serving_changes(checkout: Checkout, stage: Stage) -> Iterator[Callable[[], None]]:
    """Watch a checkout; what is yielded waits up to half a second for changes and serves them.

    Args:
        checkout: The checkout.
        stage: The stage `local`, deployed and entered.
    """
    watcher = watchfiles.watch(
        *(path for path in changes.watched(checkout.root) if path.is_dir()),
        watch_filter=None,
        debounce=_LONGEST_BURST_MS,
        step=_QUIET_MS,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
    )
    with contextlib.closing(watcher), contextlib.closing(_Session(checkout, stage)) as session:
        next(watcher)  # which begins to watch
        console.say("Serving what is saved.")
        yield lambda: session.serve([Path(path) for _, path in next(watcher)])


class _Session:
    def __init__(self, checkout: Checkout, stage: Stage) -> None:
        self._checkout = checkout
        self._stage = stage
        self._bundles = BrowserBundles(checkout)
        self._code = {name: ServedCode(checkout, stack, stage.name) for name, stack in stage.stacks.items()}
        self._with_faults: set[str] = set()
        self._not_deployed: set[str] = set()
        self._replace_pages(stage.stacks)

    def _replace_pages(self, names: Iterable[str]) -> None:
        """Let pages that are opened from now on reload."""
        for name in names:
            if self._code[name].has_pages:
                self._replace(name)

    def close(self) -> None:
        self._bundles.close()
        for code in self._code.values():
            code.close()

    def serve(self, paths: Collection[Path]) -> None:
        """Serve what changed paths ask for, or print what is wrong: the next save may repair it."""
        try:
            work = changes.work_of(
                self._checkout.root, self._stage.stacks, paths, generated_from=generated_files.folders()
            )
        except StagectlError as error:
            _say(str(error))
            return
        changed = work.replace | work.bundle | work.generate
        wrong = self._wrong(work)
        self._not_deployed |= work.deploy
        deploy = self._not_deployed & (work.deploy | changed) - wrong
        if deploy:
            self._deploy(deploy)
        with ThreadPoolExecutor() as pool:
            lacking = [name for name in pool.map(self._replace, changed - wrong) if name]
        if lacking:
            self._not_deployed.update(lacking)
            self._deploy(lacking)

    def _wrong(self, work: changes.Work) -> set[str]:
        """Make the files that follow from others; report faults, and return the stacks that have one.

        What is made is a change of the code.
        """
        wrong: set[str] = set()
        for template, names in work.templates.items():
            try:
                if template.is_file() and template.suffix in _READ:
                    yaml_loader.load(template)
            except StagectlError as error:
                wrong |= names
                _say(f"{error}\n{', '.join(sorted(names))}: not deployed; what was deployed keeps serving")
        for name in work.generate | work.bundle:
            try:
                if name in work.generate:
                    generated_files.write(self._stage.stacks[name].folder)
                faults = self._bundles.faults(self._stage.stacks[name]) if name in work.bundle else []
            except StagectlError as error:
                faults = [str(error)]
            if faults:
                wrong.add(name)
                self._say_not_replaced(name, faults)
        return wrong

    def _replace(self, name: str) -> str | None:
        """Serve a service's code; return its name when it must be deployed for that."""
        try:
            outcome = self._code[name].replace()
        except StagectlError as error:
            _say(str(error))
            return None
        if outcome is None:
            if name in self._with_faults:
                self._with_faults.remove(name)
                _say(f"{name}: mended; it serves what is saved")
            return None
        if outcome.needs_deployment:
            _say("\n".join([*outcome.faults, f"{name}: needs more than its code, so it is deployed"]))
            return name
        if outcome.faults:
            self._say_not_replaced(name, outcome.faults)
        else:
            self._with_faults.discard(name)
            # It differs now from what was deployed: a later deployment must not take it for unchanged.
            mark = unfinished_mark(self._checkout, self._stage.target, self._stage.name, name)
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()
            functions = self._stage.stacks[name].functions
            which = (
                "all functions" if len(outcome.functions) == len(functions) else ", ".join(outcome.functions)
            )
            _say(f"{name}: {which} replaced in {outcome.seconds:.2f} s")
        return None

    def _say_not_replaced(self, name: str, faults: Collection[str]) -> None:
        self._with_faults.add(name)
        _say("\n".join([*dict.fromkeys(faults), f"{name}: not replaced; the code before keeps serving"]))

    def _deploy(self, names: Collection[str]) -> None:
        """Deploy stacks; after a failure the stage serves what it did, and their next save repeats it."""
        _say(f"deploying {', '.join(sorted(names))}")
        port = self._stage.target.emulator.port if self._stage.target.emulator else None
        try:
            stage = lifecycle.find(self._checkout, self._stage.name, port=port, only=sorted(names))
            # Read before: what is saved while it is deployed differs then, and is served afterwards.
            deployed = {
                name: ServedCode(self._checkout, stack, stage.name) for name, stack in stage.stacks.items()
            }
            lifecycle.bring_up(self._checkout, stage, seeding=False)
        except StagectlError as error:
            _say(str(error))
            return
        self._stage = replace(self._stage, stacks={**self._stage.stacks, **stage.stacks})
        self._not_deployed -= deployed.keys()
        self._with_faults -= deployed.keys()
        for name, code in deployed.items():
            if name in self._code:
                self._code[name].close()
            self._code[name] = code
        self._replace_pages(deployed)


def _say(text: str) -> None:
    console.say(f"{shown_clock(datetime.now(UTC))} {text}")
