"""What leaves an account in a transcript, and what does not."""

import pytest

from stagectl.preview_life.transcript_redaction import redacted

JWT = "eyJraWQiOiJhYmMifQ.eyJzdWIiOiI0ZjdjN2Q3ZSJ9.c2lnbmF0dXJl_-x"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("arn:aws:iam::123456789012:role/x", "123456789012"),
        ("arn:aws-us-gov:sqs:us-gov-west-1:210987654321:orders-x", "210987654321"),
        ('{"Account":"123456789012"}', "123456789012"),
        ("bucket-123456789012-x", "123456789012"),
        ("account 1234-5678-9012", "1234-5678-9012"),
        (f"authorization: {JWT}", JWT),
        (f"Authorization: Bearer {JWT}", JWT),
        (f"got {JWT.split('.', maxsplit=1)[0]} only", "eyJraWQiOiJhYmMifQ"),
        ("Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA"),
        ("key AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("ASIAIOSFODNN7EXAMPLE was refused", "ASIAIOSFODNN7EXAMPLE"),
        ("AKIA\u200bIOSFODNN7EXAMPLE", "IOSFODNN7EXAMPLE"),
        ("\x1b[31mAKIA\x1b[0mIOSFODNN7EXAMPLE", "IOSFODNN7EXAMPLE"),
        (f"AWS_SECRET_ACCESS_KEY={SECRET_KEY}", SECRET_KEY),
        (f"aws_secret_access_key = {SECRET_KEY}", SECRET_KEY),
        (f'"SecretAccessKey": "{SECRET_KEY}"', SECRET_KEY),
        (f"it was {SECRET_KEY} there", SECRET_KEY),
        ("SessionToken: FwoGZXIvYXdzEBYaDkFiQ2RlRmdISmtMbU5vUHFSc1R1VndYeVowMTIzNDU2Nzg5", "FwoGZXIvYXdz"),
        ("sign in as demo@example.com with the password Aa1!3XkLjcKw7JOd", "Aa1!3XkLjcKw7JOd"),
        ("password: hunter2!", "hunter2!"),
        ("demo@example.com", "demo@example.com"),
        ("?email=ada.l%40example.co.uk", "ada.l%40example.co.uk"),
        ("https://x-access-token:ghp_EXAMPLE0000@github.com/acme/x.git", "ghp_EXAMPLE0000"),
        ("token ghs_abcDEF123456", "ghs_abcDEF123456"),
        ("https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/dev", "a1b2c3d4e5"),
        ("http://127.0.0.1:4566/_aws/execute-api/5698b7fb/local", "5698b7fb"),
        ("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/dev/GET/x", "a1b2c3d4e5"),
        ("https://d111111abcdef8.cloudfront.net", "d111111abcdef8"),
        ("userPoolId eu-west-1_a1B2c3D4e", "a1B2c3D4e"),
        ("webClientId 1h57kf5cpq17m0eml12examp3e", "1h57kf5cpq17m0eml12examp3e"),
        ("key/102ab02c-f55e-468a-84ae-7ad40d9799f2", "102ab02c-f55e-468a-84ae-7ad40d9799f2"),
        ("orders-x-serverlessdeploymentbucket-a1b2c3d4e5f6", "a1b2c3d4e5f6"),
        ("source 203.0.113.77 refused", "203.0.113.77"),
        ("?X-Amz-Credential=AKIA%2F20260131&X-Amz-Signature=0123abcd&x=1", "0123abcd"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----", "MIIEow"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEow\ncut off", "MIIEow"),
    ],
)
def test_what_identifies_or_opens_an_account_is_replaced(text: str, secret: str) -> None:
    shown = redacted(text)

    assert secret not in shown
    assert "<" in shown


@pytest.mark.parametrize(
    "text",
    [
        "ok     200  GET http://127.0.0.1:4566/",
        "  restaurants    deployed  24.2 s",
        "made             /restaurants/preview-x/search-restaurants/secretString",
        "  created the secret /restaurants/preview-x/search-restaurants/secretString",
        "commit 0123456789abcdef0123456789abcdef01234567",
        "tests-e2e/scenarios/customers/test_list_restaurants.py ..................... [100%]",
        "expires-at     2026-12-01T00:36:09Z",
        "stagectl 0.1.0 on Python 3.11.7 in eu-west-1",
        "a missing or bad token is refused",
        "collected 1077 items / 1036 deselected",
    ],
)
def test_what_a_reader_needs_stays(text: str) -> None:
    assert redacted(text) == text


def test_known_secrets_go_whatever_they_look_like() -> None:
    assert redacted("it said plain-words here", ["plain-words", "plain"]) == "it said <secret> here"


def test_what_steers_a_terminal_goes_and_lines_stay() -> None:
    assert redacted("\x1b[1mone\x07\u202e\ntwo\x9b") == "one\ntwo"
