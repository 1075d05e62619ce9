"""An outbox that loses orders: it calls the bus once and ignores the answer.

The product has no switch for that: the packages of the deployed functions are changed and restored.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx

from faults.consumers import stream_consumers
from support.stage import REPOSITORY, Stage

PUBLISHER = "service_kit/events/_publisher.py"
# The package holds it in place of the source.
ITS_BYTECODE = f"{PUBLISHER}c"
WHAT_ASKS_THE_BUS = "def _put("
FORGETTING = """

_asking = _put


def _put(bus, chunk):
    _asking(bus, chunk)
    return {}
"""


@contextmanager
def deployed(stage: Stage) -> Iterator[None]:
    """Let the readers of the tables' streams ignore refusals of the bus, for a block."""
    with ExitStack() as stack:
        for name in set(stream_consumers(stage)):
            bundle = _bundle(stage, name)
            stack.callback(_deploy, stage, name, bundle)
            _deploy(stage, name, _forgetful(bundle))
        yield


def _bundle(stage: Stage, name: str) -> bytes:
    location = stage.lambda_.get_function(FunctionName=name)["Code"]["Location"]
    answer = httpx.get(location, trust_env=False)
    answer.raise_for_status()
    return answer.content


def _forgetful(bundle: bytes) -> bytes:
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as before, zipfile.ZipFile(changed, "w") as after:
        for member in before.infolist():
            if member.filename != ITS_BYTECODE:
                after.writestr(member, before.read(member), zipfile.ZIP_STORED)
        assert ITS_BYTECODE in before.namelist()
        source = (REPOSITORY / "libs" / "service_kit" / PUBLISHER).read_text(encoding="utf-8")
        assert WHAT_ASKS_THE_BUS in source
        after.writestr(PUBLISHER, source + FORGETTING)
    return changed.getvalue()


def _deploy(stage: Stage, name: str, bundle: bytes) -> None:
    stage.lambda_.update_function_code(FunctionName=name, ZipFile=bundle)
    stage.lambda_.get_waiter("function_updated_v2").wait(
        FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
