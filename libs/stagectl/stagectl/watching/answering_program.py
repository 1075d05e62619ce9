"""A program that stays and answers requests, so that only the first one waits for its start."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stagectl.errors import StagectlError


class AnsweringProgram:
    """Runs a program that reads one JSON request a line and answers with the line of a JSON document.

    It starts with the first request, and again after it ended.

    Args:
        command: Program and arguments.
        folder: Folder to run in.
        environment: Its whole environment.
    """

    def __init__(self, command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> None:
        self._command = command
        self._folder = folder
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None

    def ask(self, request: Any) -> Any:
        """Return the answer to a request.

        Raises:
            StagectlError: The program is not there, or ended without an answer.
        """
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise AssertionError
        answer = ""
        try:
            process.stdin.write(f"{json.dumps(request)}\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            pass
        except BaseException:
            self.close()  # its answer would be taken for that to the next request
            raise
        if not answer:
            self.close()
            raise StagectlError(f"`{Path(self._command[0]).name}` ended unexpectedly. Save again to repeat.")
        return json.loads(answer)

    def close(self) -> None:
        """End the program."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            try:
                self._process = subprocess.Popen(
                    self._command,
                    cwd=self._folder,
                    env=dict(self._environment),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    start_new_session=True,  # Ctrl-C is for the command that uses it
                )
            except FileNotFoundError as error:
                raise StagectlError(f"{self._command[0]} is not installed. Run `npm run setup`.") from error
        return self._process
