"""A function that stops at its snapshot, and goes on in a copy of itself at each restore.

    python forked_snapshot.py HANDLER CONTROL_FD

AWS's runtime client runs in it. Its last before-snapshot hook is this program's: for each byte on the control
socket it forks, as Lambda copies the memory of a snapshot, and the copy returns from the hook to be restored.
The process id of each copy goes back on the control socket.
"""

import os
import runpy
import socket
import sys
from pathlib import Path

from snapshot_restore_py import register_before_snapshot  # type: ignore[import-untyped]


def main() -> None:
    """Register the hook first, since hooks run in the reverse order, and become the runtime."""
    handler, control_fd = sys.argv[1:]
    control = socket.socket(fileno=int(control_fd))
    register_before_snapshot(_wait_for_restores, control)
    # The folder of this program is no part of the function.
    sys.path[0] = str(Path.cwd())
    sys.argv = ["awslambdaric", handler]
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)


def _wait_for_restores(control: socket.socket) -> None:
    while control.recv(1):
        copy = os.fork()
        if not copy:
            control.close()
            return
        control.sendall(b"%d\n" % copy)
        os.waitpid(copy, 0)
    os._exit(0)


if __name__ == "__main__":
    main()
