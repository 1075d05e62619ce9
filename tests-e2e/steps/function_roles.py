"""The roles of deployed functions."""

import boto3
from stagectl import aws

from support.stage import Stage


def session(stage: Stage, service: str, function: str) -> boto3.Session:
    """Return the session of a function's role, which on AWS only Lambda may take on."""
    role = stage.iam.get_role(RoleName=stage.name_on_stage(service, function))["Role"]["Arn"]
    suite = aws.session(
        aws_access_key_id=stage.credentials.access_key,
        aws_secret_access_key=stage.credentials.secret_key,
        region_name=stage.region,
    )
    taken = suite.client("sts").assume_role(RoleArn=role, RoleSessionName="e2e")["Credentials"]
    return aws.session(
        region_name=stage.region,
        aws_access_key_id=taken["AccessKeyId"],
        aws_secret_access_key=taken["SecretAccessKey"],
        aws_session_token=taken["SessionToken"],
    )
