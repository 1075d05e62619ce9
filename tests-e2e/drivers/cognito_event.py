"""The event that Cognito sends its post-confirmation function."""

from typing import Any

from stage import Stage


def post_confirmation_event(stage: Stage, username: str) -> dict[str, Any]:
    """Make the event that follows a confirmed sign-up at the page's client."""
    return {
        "version": "1",
        "triggerSource": "PostConfirmation_ConfirmSignUp",
        "region": stage.region,
        "userPoolId": stage.published("auth", "userPoolId"),
        "userName": username,
        "callerContext": {"awsSdkVersion": "1", "clientId": stage.published("auth", "webClientId")},
        "request": {"userAttributes": {"email_verified": "true"}},
        "response": {},
    }
