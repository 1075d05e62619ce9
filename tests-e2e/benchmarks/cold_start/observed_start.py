"""Runs one function once, in the interpreter that calls this file, and prints what that took as JSON.

    python observed_start.py HANDLER < EVENT

It is a program of its own, which imports nothing but the standard library before the function does.
"""

import importlib
import importlib.machinery
import json
import sys
import types
from typing import Any


class SessionCounter:
    """Counts the sessions that botocore makes, from its import on."""

    def __init__(self) -> None:
        self.count = 0

    def find_spec(
        self, name: str, path: Any = None, _target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find `botocore.session` with the other finders, and watch it once it is loaded."""
        spec = importlib.machinery.PathFinder.find_spec(name, path) if name == "botocore.session" else None
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def load_and_watch(module: types.ModuleType) -> None:
            load(module)
            self._watch(module.Session)

        spec.loader.exec_module = load_and_watch  # type: ignore[method-assign]
        return spec

    def _watch(self, cls: Any) -> None:
        make = cls.__init__

        def counted(*arguments: Any, **keywords: Any) -> None:
            self.count += 1
            make(*arguments, **keywords)

        cls.__init__ = counted


class Context:
    """What a handler asks of the Lambda context."""

    aws_request_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:observed"

    def __init__(self, function_name: str) -> None:
        self.function_name = function_name

    def get_remaining_time_in_millis(self) -> int:
        """Say that there is time enough."""
        return 30_000


def main() -> None:
    """Import the handler, let it answer, and tell."""
    handler, function_name = sys.argv[1:3]
    event = json.load(sys.stdin)
    sessions = SessionCounter()
    sys.meta_path.insert(0, sessions)
    module, _, name = handler.rpartition(".")
    answer = getattr(importlib.import_module(module), name)(event, Context(function_name))
    observed = {
        "answer": answer,
        "sessions": sessions.count,
    }
    sys.stdout.write("\n" + json.dumps(observed, default=str) + "\n")


if __name__ == "__main__":
    main()
