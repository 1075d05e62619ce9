"""The name of a branch's preview stage."""

import re

from stagectl.targets import stage_name

PREFIX = "preview-"
"""Prefix of every preview's name, and of no other stage's: roles and clean-up recognise previews by it."""

_HASHED = re.compile(r"-[0-9a-f]{6}$")
_NOT_AS_IT_IS = "/"  # no branch begins with it, and no stage has it

MAX_LENGTH = 28
"""Longest name of a preview, in characters.

It is fixed, and not computed from the functions' names like that of other stages: a branch must find its
stage again after functions were renamed, and `main` must find it too.
"""


def of_branch(branch: str) -> str:
    """Return the name of the stage that previews a branch.

    It depends on the branch's name alone. Two branches never share one: a name that does not fit ends in
    a hash of the branch's, and so does one that looks as if it ended in a hash already, as it may be what
    another branch's name is reduced to.

    Raises:
        StageNameError: The branch's name is blank.
    """
    wanted = _NOT_AS_IT_IS + branch if _HASHED.search(branch) else branch
    return PREFIX + stage_name.normalise(wanted, MAX_LENGTH - len(PREFIX))
