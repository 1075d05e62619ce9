"""The execution policy: what CloudFormation may do for a stage, derived from the stacks' templates.

Which calls a resource type needs stands in the type's own schema; on which resources follows from the names
in the compiled templates. What neither can say is in `reviewed`, each with its reason.
"""

from stagectl.execution_policy.derivation import POLICY_FILE, derive, matches
from stagectl.execution_policy.schemas import permissions
from stagectl.execution_policy.templates import Template, compiled
from stagectl.execution_policy.writing import compile_all, write

__all__ = ["POLICY_FILE", "Template", "compile_all", "compiled", "derive", "matches", "permissions", "write"]
