"""Invokes a handler once in this process, which has the environment of its deployed function.

Takes a JSON document as its argument: `handler`, `name`, `arn`, `memoryMb`, `seconds`, `event` and `result`,
the file into which the result is written. What the handler logs goes to standard output.
"""

import importlib
import json
import sys
import time
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any


def main(request: dict[str, Any]) -> None:
    """Invoke the handler, and write what it returns."""
    module, _, name = request["handler"].rpartition(".")
    handler = getattr(importlib.import_module(module.replace("/", ".")), name)
    ends_at = time.monotonic() + request["seconds"]
    context = SimpleNamespace(
        function_name=request["name"],
        function_version="$LATEST",
        invoked_function_arn=request["arn"],
        memory_limit_in_mb=request["memoryMb"],
        aws_request_id=str(uuid.uuid4()),
        log_group_name=f"/aws/lambda/{request['name']}",
        log_stream_name="stagectl-invoke",
        get_remaining_time_in_millis=lambda: max(0, int((ends_at - time.monotonic()) * 1000)),
    )
    result = handler(request["event"], context)
    Path(request["result"]).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
