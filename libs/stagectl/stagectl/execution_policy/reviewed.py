"""What no schema and no template says: where a call is authorized, and what is granted otherwise than asked.

A type that is missing here fails the derivation, and one that no template has fails a test.
"""

from dataclasses import dataclass

_HERE = "${AWS::Region}:${AWS::AccountId}"
_APIS = (
    "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis",
    "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/*",
    "arn:${AWS::Partition}:apigateway:${AWS::Region}::/tags/*",
)
_MAIL_OF_POOLS = "email.cognito-idp.amazonaws.com"
_ROLE_OF_MAIL = f"role/aws-service-role/{_MAIL_OF_POOLS}/AWSServiceRoleForAmazonCognitoIdpEmailService"
_POOLS = (f"arn:${{AWS::Partition}}:cognito-idp:{_HERE}:userpool/*",)
_ROLES = ("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/{name}",)
_FUNCTIONS = (f"arn:${{AWS::Partition}}:lambda:{_HERE}:function:{{name}}",)
# A version or an alias is its function's ARN with `:` and more behind it, which the `*` at the end means too.
_QUALIFIED = _FUNCTIONS
_TOPICS = (f"arn:${{AWS::Partition}}:sns:{_HERE}:{{name}}",)
_QUEUES = (f"arn:${{AWS::Partition}}:sqs:{_HERE}:{{name}}",)
_KEYS = f"arn:${{AWS::Partition}}:kms:{_HERE}:key/*"


@dataclass(frozen=True)
class Scope:
    """The resources that a type's permissions are for.

    Attributes:
        arns: Their ARNs; `{name}` stands for each name in the templates.
        named_by: The type and its property that the names are taken from; None when CloudFormation makes
            them up.
    """

    arns: tuple[str, ...]
    named_by: tuple[str, str] | None = None


SCOPES = {
    "AWS::ApiGateway::Authorizer": Scope(_APIS),
    "AWS::ApiGateway::Deployment": Scope(_APIS),
    "AWS::ApiGateway::GatewayResponse": Scope(_APIS),
    "AWS::ApiGateway::Method": Scope(_APIS),
    "AWS::ApiGateway::Model": Scope(_APIS),
    "AWS::ApiGateway::Resource": Scope(_APIS),
    "AWS::ApiGateway::RestApi": Scope(_APIS),
    "AWS::ApiGateway::Stage": Scope(_APIS),
    "AWS::CloudWatch::Alarm": Scope(
        (f"arn:${{AWS::Partition}}:cloudwatch:{_HERE}:alarm:{{name}}",),
        ("AWS::CloudWatch::Alarm", "AlarmName"),
    ),
    "AWS::Cognito::UserPool": Scope(_POOLS),
    "AWS::Cognito::UserPoolClient": Scope(_POOLS),
    "AWS::Cognito::UserPoolGroup": Scope(_POOLS),
    "AWS::DynamoDB::Table": Scope(
        (f"arn:${{AWS::Partition}}:dynamodb:{_HERE}:table/{{name}}",), ("AWS::DynamoDB::Table", "TableName")
    ),
    "AWS::Events::Archive": Scope(
        (
            f"arn:${{AWS::Partition}}:events:{_HERE}:archive/{{name}}",
            f"arn:${{AWS::Partition}}:events:{_HERE}:event-bus/{{name}}",
        ),
        ("AWS::Events::Archive", "ArchiveName"),
    ),
    "AWS::Events::EventBus": Scope(
        (f"arn:${{AWS::Partition}}:events:{_HERE}:event-bus/{{name}}",), ("AWS::Events::EventBus", "Name")
    ),
    "AWS::Events::Rule": Scope(
        (f"arn:${{AWS::Partition}}:events:{_HERE}:rule/*/{{name}}",), ("AWS::Events::Rule", "Name")
    ),
    "AWS::IAM::Role": Scope(_ROLES, ("AWS::IAM::Role", "RoleName")),
    "AWS::KMS::Alias": Scope(
        (f"arn:${{AWS::Partition}}:kms:{_HERE}:{{name}}", _KEYS), ("AWS::KMS::Alias", "AliasName")
    ),
    "AWS::KMS::Key": Scope((_KEYS,)),
    "AWS::Lambda::Alias": Scope(_QUALIFIED, ("AWS::Lambda::Function", "FunctionName")),
    "AWS::Lambda::EventSourceMapping": Scope(
        (f"arn:${{AWS::Partition}}:lambda:{_HERE}:event-source-mapping:*",)
    ),
    "AWS::Lambda::Function": Scope(_FUNCTIONS, ("AWS::Lambda::Function", "FunctionName")),
    "AWS::Lambda::Permission": Scope(_FUNCTIONS, ("AWS::Lambda::Function", "FunctionName")),
    "AWS::Lambda::Version": Scope(_QUALIFIED, ("AWS::Lambda::Function", "FunctionName")),
    "AWS::Logs::LogGroup": Scope(
        (
            f"arn:${{AWS::Partition}}:logs:{_HERE}:log-group:{{name}}",
            f"arn:${{AWS::Partition}}:logs:{_HERE}:log-group:{{name}}:*",
        ),
        ("AWS::Logs::LogGroup", "LogGroupName"),
    ),
    "AWS::S3::Bucket": Scope(("arn:${AWS::Partition}:s3:::{name}",)),
    "AWS::S3::BucketPolicy": Scope(("arn:${AWS::Partition}:s3:::{name}",)),
    "AWS::SNS::Subscription": Scope(_TOPICS, ("AWS::SNS::Topic", "TopicName")),
    "AWS::SNS::Topic": Scope(_TOPICS, ("AWS::SNS::Topic", "TopicName")),
    "AWS::SNS::TopicPolicy": Scope(_TOPICS, ("AWS::SNS::Topic", "TopicName")),
    "AWS::SQS::Queue": Scope(_QUEUES, ("AWS::SQS::Queue", "QueueName")),
    "AWS::SQS::QueuePolicy": Scope(_QUEUES, ("AWS::SQS::Queue", "QueueName")),
    "AWS::SSM::Parameter": Scope(
        (f"arn:${{AWS::Partition}}:ssm:{_HERE}:parameter{{name}}",), ("AWS::SSM::Parameter", "Name")
    ),
    "AWS::StepFunctions::StateMachine": Scope(
        (f"arn:${{AWS::Partition}}:states:{_HERE}:stateMachine:{{name}}",),
        ("AWS::StepFunctions::StateMachine", "StateMachineName"),
    ),
}

OWN_NAMESPACES = {
    "ApiGateway": "apigateway",
    "CloudWatch": "cloudwatch",
    "Cognito": "cognito-idp",
    "DynamoDB": "dynamodb",
    "Events": "events",
    "IAM": "iam",
    "KMS": "kms",
    "Lambda": "lambda",
    "Logs": "logs",
    "S3": "s3",
    "SNS": "sns",
    "SQS": "sqs",
    "SSM": "ssm",
    "StepFunctions": "states",
}
"""The IAM namespace of each service. Permissions in others come with features that no template uses."""

OF_OTHER_SERVICES = {
    ("AWS::Cognito::UserPool", "iam:CreateServiceLinkedRole"): Scope(
        (f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:{_ROLE_OF_MAIL}",)
    ),
    ("AWS::Lambda::Function", "iam:PassRole"): Scope(_ROLES, ("AWS::IAM::Role", "RoleName")),
    ("AWS::Lambda::Function", "s3:GetObject"): Scope(("arn:${AWS::Partition}:s3:::{name}/*",)),
    ("AWS::StepFunctions::StateMachine", "iam:PassRole"): Scope(_ROLES, ("AWS::IAM::Role", "RoleName")),
}
"""Those that are used all the same: roles and packages of functions, roles of machines, mail of pools."""

LEFT_OUT = {
    "dynamodb:BatchWriteItem": "what is in a table is read and written for replicas, and no table has any",
    "dynamodb:DeleteItem": "as above",
    "dynamodb:GetItem": "as above",
    "dynamodb:PutItem": "as above",
    "dynamodb:Query": "as above",
    "dynamodb:Scan": "as above",
    "dynamodb:UpdateItem": "as above",
    "dynamodb:*Replica": "no table has replicas",
    "dynamodb:*Import*": "no table is made from an import",
    "dynamodb:[DEU]*KinesisStreamingDestination": "no table streams to Kinesis",
    "events:*Permission": "the bus has no policy of its own: nobody outside the account publishes",
    "iam:AttachRolePolicy": "roles have policies of their own, no managed ones",
    "iam:DeleteRolePermissionsBoundary": "the boundary must stay",
    "lambda:*PassCapacityProvider": "functions run on Lambda's own machines",
    "lambda:[DP]*CodeSigningConfig": "packages are not signed",
    "lambda:GetCodeSigningConfig": "packages are not signed",
    "lambda:GetLayerVersion": "functions have no layers",
    "logs:*ResourcePolicy": "no service but Lambda writes these logs",
    "logs:PutIndexPolicy": "logs have no index of fields",
    "logs:DeleteIndexPolicy": "logs have no index of fields",
    "logs:CreateLogDelivery": "logs go nowhere else",
    "logs:PutBearerTokenAuthentication": "nobody writes logs by a bearer token",
    "s3:DeleteObject": "the deployer empties the bucket, CloudFormation does not",
    "s3:PutObjectAcl": "objects have no access lists",
    "s3:*Metadata*": "the bucket has no metadata table",
    "s3:*Replication*": "the bucket is not replicated",
    "s3:*Website": "the bucket is no website",
}
"""Actions, as patterns, that a schema asks for and the role does not get, with the reason."""

ON_EVERYTHING = {
    "cognito-idp:CreateUserPool": "a pool has no ARN before it is made",
    "kms:CreateKey": "a key has no ARN before it is made",
    "kms:ListAliases": "lists all or none",
    "lambda:CreateEventSourceMapping": "a mapping has no ARN before it is made; its function has",
    "logs:DescribeIndexPolicies": "IAM grants it on all log groups or none",
    "logs:DescribeLogGroups": "lists all or none",
    "logs:DescribeResourcePolicies": "lists all or none",
}
"""Actions that can only be granted on `*`, with the reason."""

_BOUNDARY = "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/big-mouth-{environment}-boundary"
_KEEPS_BOUNDARY = {"StringEquals": {"iam:PermissionsBoundary": [_BOUNDARY]}}
_OF_OUR_FUNCTIONS = {
    "ArnLike": {
        "lambda:FunctionArn": [f"arn:${{AWS::Partition}}:lambda:{_HERE}:function:{{service}}-{{stage}}-*"]
    }
}

CONDITIONS: dict[str, dict[str, dict[str, list[str]]]] = {
    "iam:CreateRole": _KEEPS_BOUNDARY,
    "iam:CreateServiceLinkedRole": {"StringEquals": {"iam:AWSServiceName": [_MAIL_OF_POOLS]}},
    "iam:DeleteRolePolicy": _KEEPS_BOUNDARY,
    "iam:DetachRolePolicy": _KEEPS_BOUNDARY,
    "iam:PutRolePermissionsBoundary": _KEEPS_BOUNDARY,
    "iam:PutRolePolicy": _KEEPS_BOUNDARY,
    "iam:PassRole": {
        "StringEquals": {"iam:PassedToService": ["lambda.amazonaws.com", "states.amazonaws.com"]}
    },
    "lambda:CreateEventSourceMapping": _OF_OUR_FUNCTIONS,
    "lambda:DeleteEventSourceMapping": _OF_OUR_FUNCTIONS,
    "lambda:UpdateEventSourceMapping": _OF_OUR_FUNCTIONS,
}
"""On what condition an action is granted."""

OTHER_STAGES_BY_TAG = ("apigateway:*", "cognito-idp:*", "kms:*")
"""Services whose ARNs do not tell the stage: what is tagged as another stage's is refused instead."""
