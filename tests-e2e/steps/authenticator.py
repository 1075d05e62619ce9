"""An authenticator app: one-time passwords by time (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
import time

from steps.given import User
from support.stage import Stage

STEP_SECONDS = 30
DIGITS = 6


def one_time_password(secret: str, *, steps_ahead: int = 0) -> str:
    """Return what the app shows now, or some steps from now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(time.time()) // STEP_SECONDS + steps_ahead)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def set_up(stage: Stage, user: User) -> str:
    """Protect the user's sign-in with an app; returns its secret."""
    secret = stage.cognito.associate_software_token(AccessToken=user.access_token)["SecretCode"]
    stage.cognito.verify_software_token(AccessToken=user.access_token, UserCode=one_time_password(secret))
    stage.cognito.set_user_mfa_preference(
        AccessToken=user.access_token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    return secret
