"""The state of a stack and of its resources in CloudFormation."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from stagectl.terminal import outside_text

REVIEW_GRACE_SECONDS = 300.0
"""How long a stack may be in review before its first deployment counts as interrupted."""
IN_PROGRESS = "_IN_PROGRESS"
REVIEW = "REVIEW_IN_PROGRESS"
DELETING = "DELETE_IN_PROGRESS"


@dataclass(frozen=True)
class StackStatus:
    """The state of a stack in CloudFormation.

    Attributes:
        name: Name of the CloudFormation stack.
        state: Its status, such as `UPDATE_COMPLETE`.
        updated_at: When it was last changed.
        tags: Its tags. The address of a repository is without credentials, whatever the tag says.
        is_protected: Whether its termination protection is on.
        stack_id: Its id, by which it is known even after it is gone.
    """

    name: str
    state: str
    updated_at: datetime
    tags: dict[str, str] = field(default_factory=dict)
    is_protected: bool = False
    stack_id: str = ""

    def __post_init__(self) -> None:
        if "repository" in self.tags:
            public = outside_text.without_credentials(self.tags["repository"])
            object.__setattr__(self, "tags", {**self.tags, "repository": public})

    @property
    def commit(self) -> str | None:
        """The commit that it was deployed from, or None when it carries no such tag."""
        return self.tags.get("commit")

    @property
    def is_broken(self) -> bool:
        """Whether its last operation failed."""
        return "ROLLBACK" in self.state or "FAILED" in self.state

    @property
    def is_changing(self) -> bool:
        """Whether an operation on it is in progress."""
        if self.state == REVIEW:
            # Between the change set of a first deployment and its execution.
            return (datetime.now(UTC) - self.updated_at).total_seconds() < REVIEW_GRACE_SECONDS
        return self.state.endswith(IN_PROGRESS) and self.state != DELETING


@dataclass(frozen=True)
class Resource:
    """A resource of a stack: its id in the template, its type, and its name or id at AWS."""

    logical_id: str
    type: str
    physical_id: str
