"""Invite a user by e-mail."""

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.people._users import Email, FamilyName, GivenName, Groups, entered, shown
from stagectl.people.audit import Audit
from stagectl.people.user_pool import UnknownUserError, UserPool
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def invite(
    email: Email,
    *,
    given_name: GivenName,
    family_name: FamilyName,
    group: Groups = None,
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Create a user and let Cognito send them a temporary password, which is valid for a day.

    Repeated for a user who has not signed in yet, it sends another one.

    For example:

        stagectl users invite ada@example.com --given-name Ada --family-name Lovelace --stage dev
    """
    name = entered(stage, emulator=emulator).name
    pool = UserPool.of_stage(name)
    pool.check_groups(group or ())
    audit = Audit.of_stage(name).open()
    try:
        user = pool.find(email)
    except UnknownUserError:
        user = pool.create(email, given_name, family_name, password=None)
    else:
        pool.invite_again(user)
    audit.write("invite", user.user_id)
    for one in group or ():
        audit.write(f"group --add {one}", user.user_id)
        pool.join(user, one)
    console.result(json_document.text(user) if as_json else f"Invited {shown(user)}.")
