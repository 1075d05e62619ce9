"""Create a user."""

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.people._users import Email, FamilyName, GivenName, Groups, entered
from stagectl.people.audit import Audit
from stagectl.people.user_pool import UserPool, temporary_password
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def add(
    email: Email,
    *,
    given_name: GivenName,
    family_name: FamilyName,
    group: Groups = None,
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Create a user and print a temporary password. No mail is sent; the address counts as verified.

    At the first sign-in, within a day, they choose a password of their own.

    For example:

        stagectl users add ada@example.com --given-name Ada --family-name Lovelace --stage dev

        stagectl users add ada@example.com --given-name Ada --family-name Lovelace --group restaurant-admins
    """
    name = entered(stage, emulator=emulator).name
    pool = UserPool.of_stage(name)
    pool.check_groups(group or ())
    audit = Audit.of_stage(name).open()
    password = temporary_password()
    user = pool.create(email, given_name, family_name, password=password)
    audit.write("add", user.user_id)
    for one in group or ():
        audit.write(f"group --add {one}", user.user_id)
        pool.join(user, one)
    if as_json:
        console.result(json_document.text({"user": user, "temporaryPassword": password}))
        return
    console.result(f"Added {user.email} ({user.user_id}). Temporary password: {password}")
