"""The committed review of grants that no recorded call needs in full."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stagectl.checkout import yaml_loader
from stagectl.errors import StagectlError
from stagectl.permissions.grants import Grant
from stagectl.permissions.report import Line

REVIEW_FILE = "tests-e2e/reviewed_permissions.yml"


@dataclass(frozen=True)
class Review:
    """What was reviewed, each grant with the name of the reason why it stays.

    Attributes:
        reasons: Texts by name.
        of_every_function: What each function may do and none does, by action and resource, where `{function}`
            stands for the function's name on AWS.
        never_used: Grants that the suite does not use.
        wider_than_used: Grants that the suite uses, and whose patterns fit more than what it uses.
        used_when_failing: Grants that it depends on chance to use.
    """

    reasons: Mapping[str, str]
    of_every_function: Mapping[tuple[str, str], str]
    never_used: Mapping[Grant, str]
    wider_than_used: Mapping[Grant, str]
    used_when_failing: Mapping[Grant, str]

    @property
    def all(self) -> dict[Grant, str]:
        """All grants that were reviewed, with the names of their reasons."""
        return {**self.never_used, **self.wider_than_used, **self.used_when_failing}

    @classmethod
    def read(cls, path: Path) -> "Review":
        """Read the review from its file; without the file, nothing is reviewed.

        Raises:
            StagectlError: The file is not a review.
        """
        if not path.is_file():
            return cls({}, {}, {}, {}, {})
        document = yaml_loader.load_mapping(path)
        try:
            return cls(
                reasons=document["reasons"],
                of_every_function={
                    (action, resource): reason
                    for action, resources in document["never used by any function"].items()
                    for resource, reason in resources.items()
                },
                never_used=_grants(document["never used"] or {}),
                wider_than_used=_grants(document["wider than used"] or {}),
                used_when_failing=_grants(document["used when things fail"] or {}),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise StagectlError(f"{path} is not a review of permissions: {error!r}.") from error

    def reason(self, grant: Grant) -> str | None:
        """Return why a grant stays though it is not used, or not in full."""
        name = self.all.get(grant) or self.of_every_function.get(_in_general(grant))
        return self.reasons.get(name) if name else None


def faults(lines: Sequence[Line], review: Review) -> Iterator[str]:
    """Yield a sentence for each difference between the review and the recorded calls."""
    common = [line for line in lines if _in_general(line.grant) in review.of_every_function]
    own = [line for line in lines if line not in common]
    yield from _common_faults(common, review)
    yield from _own_faults(own, review)
    named = {*review.all.values(), *review.of_every_function.values()}
    for name in sorted(named - review.reasons.keys()):
        yield f"the review names an undefined reason {name}"
    for name in sorted(review.reasons.keys() - named):
        yield f"the review defines the reason {name}, which nothing uses: remove it"


def _common_faults(lines: Sequence[Line], review: Review) -> Iterator[str]:
    for line in lines:
        if line.calls:
            yield f"{_text(line.grant)} is reviewed as never used by any function and was used"
    granted = {_in_general(line.grant) for line in lines}
    for action, resource in sorted(review.of_every_function.keys() - granted):
        yield f"{action} on {resource} is reviewed and granted to no function: remove it from the review"


def _own_faults(lines: Sequence[Line], review: Review) -> Iterator[str]:
    granted = {line.grant for line in lines}
    certain = [line for line in lines if line.grant not in review.used_when_failing]
    unused = {line.grant for line in certain if not line.calls}
    wider = {line.grant for line in certain if line.calls and line.grant.is_pattern}
    for grant in sorted(unused - review.never_used.keys()):
        yield f"{_text(grant)} is granted and was never used: remove the grant, or add it to the review"
    for grant in sorted(wider - review.wider_than_used.keys()):
        yield f"{_text(grant)} is wider than what was used: narrow the grant, or add it to the review"
    for grant in sorted(review.all.keys() - granted):
        yield f"{_text(grant)} is reviewed and no longer granted: remove it from the review"
    for grant in sorted((review.never_used.keys() & granted) - unused):
        yield f"{_text(grant)} is reviewed as never used and was used: remove it from the review"
    for grant in sorted((review.wider_than_used.keys() & granted) - wider):
        yield f"{_text(grant)} is reviewed as wider than used and is not: remove it from the review"


def _grants(section: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[Grant, str]:
    return {
        Grant(function, action, resource): reason
        for function, actions in section.items()
        for action, resources in actions.items()
        for resource, reason in resources.items()
    }


def _in_general(grant: Grant) -> tuple[str, str]:
    return grant.action, grant.resource.replace(grant.function.replace("/", "-{stage}-"), "{function}")


def _text(grant: Grant) -> str:
    return f"{grant.function}: {grant.action} on {grant.resource}"
