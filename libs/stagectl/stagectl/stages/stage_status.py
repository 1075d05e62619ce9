"""The status of a stage: its stacks, their commit, its expiry, its URLs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stagectl.stacks.stack_status import StackStatus
from stagectl.stacks.stage_secrets import Finding
from stagectl.terminal.json_document import shown_time

_SHOWN_TAGS = ("branch", "pull-request", "commit", "owner", "repository", "expires-at")
_NARROWEST = 14
_SHOWN_COMMIT = 7


@dataclass(frozen=True)
class StageStatus:
    """A stage.

    Attributes:
        stage: Its name.
        stacks: State of its stack for every service of the checkout, None for those that it does not have,
            and for other services that it has.
        from_base: The base stage of each service that it does not deploy.
        urls: Published URLs by service.
        missing_secrets: Secrets that its functions read and that do not exist.
    """

    stage: str
    stacks: Mapping[str, StackStatus | None]
    from_base: Mapping[str, str] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)
    missing_secrets: Sequence[Finding] = ()

    @property
    def is_there(self) -> bool:
        """Whether it has any stack."""
        return any(self.stacks.values())

    def document(self) -> dict[str, Any]:
        """Return the JSON document."""
        return {
            "stage": self.stage,
            "stacks": dict(self.stacks),
            "fromBase": dict(self.from_base),
            "urls": dict(self.urls),
            "missingSecrets": [secret.name for secret in self.missing_secrets],
        }

    def lines(self) -> Iterator[str]:
        """Yield lines for a terminal: stacks, their tags, URLs."""
        width = max((_NARROWEST, *map(len, self.stacks)))
        for name, stack in self.stacks.items():
            if stack:
                commit = stack.tags.get("commit", "")[:_SHOWN_COMMIT]
                when = shown_time(stack.updated_at)
                yield f"{name:<{width}} {stack.state:<24} {when}  {commit}".rstrip()
            else:
                base = self.from_base.get(name)
                yield f"{name:<{width}} {f'from {base}' if base else 'not there'}"
        there = [stack for stack in self.stacks.values() if stack]
        for tag in _SHOWN_TAGS:
            said = sorted({stack.tags[tag] for stack in there if tag in stack.tags})
            if said:
                yield f"{tag:<{width}} {', '.join(said)}"
        for name, url in self.urls.items():
            yield f"{name:<{width}} {url}"
        for secret in self.missing_secrets:
            yield f"{'secret missing':<{width}} {secret.name}  ({secret.way_out})"
