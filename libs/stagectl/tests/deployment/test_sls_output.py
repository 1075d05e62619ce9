import pytest

from stagectl.deployment import sls_output

CLOUDFORMATION_FAILURE = """
Deploying orders to stage dev (us-east-1)

\x1b[31m×\x1b[39m Stack orders-dev failed to deploy (12s)
Environment: linux, node 20.20.2, osls 4.3.1 (local)
Error:
CREATE_FAILED: OrdersTable (AWS::DynamoDB::Table)
Table already exists: orders

View the full error: https://console.aws.amazon.com/
"""


@pytest.mark.parametrize(
    "output",
    [
        "No changes to deploy. Deployment skipped. (2s)",
        "Change set did not include any changes to be deployed. (3s)",
    ],
)
def test_both_ways_of_finding_nothing_to_do_are_known(output: str) -> None:
    assert sls_output.is_unchanged(f"Deploying …\n\n{output}\n")


def test_a_deployment_is_not_mistaken_for_an_unchanged_one() -> None:
    assert not sls_output.is_unchanged("✔ Service deployed to stack orders-dev (12s)")


def test_the_cause_is_what_cloudformation_says() -> None:
    assert sls_output.failure_cause(CLOUDFORMATION_FAILURE) == (
        "OrdersTable (AWS::DynamoDB::Table): CREATE_FAILED\nTable already exists: orders"
    )


def test_without_cloudformation_the_cause_is_the_error_of_sls_without_its_stack() -> None:
    output = "warning\nError:\nCannot resolve serverless.yml\n    at load (/x/y.js:1:2)\n"

    assert sls_output.failure_cause(output) == "Cannot resolve serverless.yml"


def test_without_an_error_the_cause_is_the_end_of_the_output() -> None:
    cause = sls_output.failure_cause("\n".join(map(str, range(100)))).splitlines()

    assert cause[-1] == "99"
    assert len(cause) == 20


def test_silence_is_said() -> None:
    assert sls_output.failure_cause("") == "sls printed nothing"
