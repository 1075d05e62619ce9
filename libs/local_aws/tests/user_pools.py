"""User pools, and users of them, for tests."""

import uuid
from dataclasses import dataclass, field
from typing import Any

PASSWORD = "Aa1!aaaa"


@dataclass
class UserPool:
    """A user pool with one client."""

    cognito: Any
    client_settings: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.id = self.cognito.create_user_pool(PoolName=uuid.uuid4().hex, **self.settings)["UserPool"]["Id"]
        made = self.cognito.create_user_pool_client(
            UserPoolId=self.id,
            ClientName="web",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            **self.client_settings,
        )
        self.client = made["UserPoolClient"]["ClientId"]

    def sign_up(self, **attributes: str) -> str:
        name = uuid.uuid4().hex
        self.cognito.sign_up(
            ClientId=self.client, Username=name, Password=PASSWORD, UserAttributes=listed(attributes)
        )
        return name

    def a_user(self, **attributes: str) -> str:
        name = self.sign_up(**{"email": "someone@example.org", **attributes})
        self.cognito.admin_confirm_sign_up(UserPoolId=self.id, Username=name)
        return name

    def signed_in(self, name: str) -> dict[str, str]:
        answer = self.cognito.initiate_auth(
            ClientId=self.client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
        )
        return dict(answer["AuthenticationResult"])

    def update(self, token: str, attributes: dict[str, str]) -> dict[str, Any]:
        return dict(self.cognito.update_user_attributes(AccessToken=token, UserAttributes=listed(attributes)))

    def attributes(self, name: str) -> dict[str, str]:
        user = self.cognito.admin_get_user(UserPoolId=self.id, Username=name)
        return {one["Name"]: one["Value"] for one in user["UserAttributes"]}


def listed(attributes: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in attributes.items()]
