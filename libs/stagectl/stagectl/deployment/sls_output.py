"""Read the output of sls."""

import re

_UNCHANGED = ("No changes to deploy. Deployment skipped", "Change set did not include any changes")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_FAILED_RESOURCE = re.compile(
    r"^(?P<status>(?:CREATE|UPDATE|DELETE)_FAILED|UPDATE_ROLLBACK_IN_PROGRESS|DELETE_IN_PROGRESS): "
    r"(?P<resource>.+)\n(?P<reason>.+)",
    re.MULTILINE,
)
_ERROR = re.compile(r"^Error:\n", re.MULTILINE)
_STACK_FRAME = re.compile(r"\s+at .+[:)]")
_TAIL_LINES = 20


def is_unchanged(output: str) -> bool:
    """Return whether sls found nothing to deploy."""
    return any(sign in output for sign in _UNCHANGED)


def warnings(output: str) -> list[str]:
    """Return the lines in which sls or a plugin warns."""
    return [line for line in _COLOURS.sub("", output).splitlines() if line.startswith("Warning: ")]


def failure_cause(output: str) -> str:
    """Return why sls failed: CloudFormation's reason, else sls's own, else the end of its output."""
    plain = _COLOURS.sub("", output)
    match = _FAILED_RESOURCE.search(plain)
    if match:
        return f"{match['resource']}: {match['status']}\n{match['reason']}"
    error = _ERROR.search(plain)
    told = plain[error.end() :] if error else plain
    lines = [line for line in told.splitlines() if line.strip() and not _STACK_FRAME.match(line)]
    return "\n".join(lines[-_TAIL_LINES:]) or "sls printed nothing"
