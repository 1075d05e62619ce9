"""Check whether an account is ready for a stage: its credentials and its quotas."""

import os
from collections.abc import Iterator

from stagectl import aws
from stagectl.checkout import Checkout, stage_parameters
from stagectl.errors import CredentialsError
from stagectl.readiness import api_logs, operator_details, quotas
from stagectl.readiness.finding import Finding, Level
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.targets import target as targets


def examine(checkout: Checkout, stage: Stage) -> Iterator[Finding]:
    """Yield findings about the target of a stage, which need not be deployed."""
    if stage.target.is_emulator:
        text = f"{stage.target.description}: quotas are checked on AWS only"
        yield Finding(Level.OK, "account", text)
        return
    if not checkout.is_adopter:
        yield from operator_details.examine(checkout.root, stage.name)
    try:
        lifecycle.enter(stage)
        account = targets.account_id(stage.target)
    except CredentialsError as error:
        yield Finding(Level.FAIL, "account", "no credentials for this stage", str(error))
        return
    yield Finding(Level.OK, "account", f"{account} in {os.environ['AWS_REGION']}")
    access_logs = stage_parameters.declared(checkout.root, stage.name, "accessLogs")
    yield from api_logs.examine(
        aws.session().client("apigateway"), are_wanted=str(access_logs).lower() == "true"
    )
    mail_identity = str(stage_parameters.declared(checkout.root, stage.name, "mailIdentity") or "")
    for finding in quotas.examine(aws.session(), checkout.root, stage.name, stage.stacks, mail_identity):
        # Who else sends mail, and by what, is not known.
        if finding.subject != quotas.MAIL or not checkout.is_adopter:
            yield finding
