"""E-mail addresses and phone numbers must be well formed, also in administrators' calls.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
"""

import re

from local_aws.rules._cognito import BY_CUSTOMERS, BY_OPERATORS, Answer, Data, Pool, before, refused, written

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(rf"(?=.{{3,254}}\Z){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
PHONE_NUMBER = re.compile(r"\+[1-9][0-9]{1,14}")


def install() -> None:
    """Check every address that is written."""
    before((*BY_CUSTOMERS, *BY_OPERATORS), is_well_formed)


def is_well_formed(_: Pool, data: Data) -> Answer | None:
    """Refuse malformed addresses."""
    attributes = written(data)
    if "email" in attributes and not EMAIL.fullmatch(attributes["email"]):
        return refused("Invalid email address format.")
    if "phone_number" in attributes and not PHONE_NUMBER.fullmatch(attributes["phone_number"]):
        return refused("Invalid phone number format.")
    return None
