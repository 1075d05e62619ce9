"""The staff of restaurants, as callers name and see them."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from restaurants.domain.models import email_key
from service_kit.http import FromPath
from service_kit.names import PATH_SEGMENT, VISIBLE_TEXT

MAX_EMAIL_CHARS = 254
# What Cognito takes as an address, without quotes, comments and addresses of machines.
_EMAIL = re.compile(
    r"""[^\s@"(),:;<>\[\].]+(\.[^\s@"(),:;<>\[\].]+)*@([^\W_]([\w-]*[^\W_])?\.)+[^\W_]([\w-]*[^\W_])?"""
)


def _email_address(text: str) -> str:
    email = email_key(text)
    if len(email) > MAX_EMAIL_CHARS or not _EMAIL.fullmatch(email):
        raise PydanticCustomError("email", "Input should be an email address, such as cook@example.com")
    return email


Email = Annotated[
    str,
    StringConstraints(min_length=3, max_length=MAX_EMAIL_CHARS),
    VISIBLE_TEXT,
    PATH_SEGMENT,
    AfterValidator(_email_address),
]
"""An email address; once parsed, in lower case and NFC."""
EmailInPath = Annotated[Email, FromPath()]
