"""Answers questions to policies by the evaluator of the emulator's IAM. Runs in the emulator's interpreter.

Reads `{"documents": {name: [documents]}, "questions": [...]}` from its input and writes a list of booleans.
"""

import json
import sys
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

ACCOUNT = "123456789012"


_known = iam_evaluator._resolve_condition_key


def with_what_is_asked(key: str, context: EvalContext) -> Any:
    """Let a question say what the evaluator would make up, such as whose the resource is."""
    return context.service_context.get(key.lower(), _known(key, context))


def main() -> None:
    iam_evaluator._resolve_condition_key = with_what_is_asked
    asked = json.load(sys.stdin)
    parsed = {
        name: [parse_policy_document(one) for one in documents]
        for name, documents in asked["documents"].items()
    }
    json.dump([is_allowed(parsed[one["by"]], one) for one in asked["questions"]], sys.stdout)


def is_allowed(policies: list[Any], question: dict[str, Any]) -> bool:
    context = EvalContext(
        principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/x/x",
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=question["action"],
        resource_arn=question["resource"],
        region=question["region"],
        service_context={key.lower(): value for key, value in question["context"].items()},
    )
    return bool(evaluate(context, policies).decision == "Allow")


if __name__ == "__main__":
    main()
