"""What no schema or template says: the resources that authorize a call, and deviations from the schemas.

A type that is missing here fails the derivation, and one that no template has fails a test.
"""

from dataclasses import dataclass, field
from typing import Any

Condition = dict[str, dict[str, Any]]

_HERE = "${AWS::Region}:${AWS::AccountId}"
_STAGES = ["{stage}"]
OURS: Condition = {
    "StringEquals": {"aws:ResourceTag/project": "big-mouth"},
    "StringLike": {"aws:ResourceTag/stage": _STAGES},
}
"""The resource carries the tags of one of the role's own stages."""

NEW: Condition = {
    "StringEquals": {"aws:RequestTag/project": "big-mouth"},
    "StringLike": {"aws:RequestTag/stage": _STAGES},
}
"""The resource is made with those tags."""

_NOT_YET_OURS: Condition = {**NEW, "Null": {"aws:ResourceTag/project": "true"}}
"""A resource is tagged while it is made: by the same call on AWS, but by a permission of its own."""

_NEW_KEY: Condition = {
    **NEW,
    # Keys of others that carry no tags have an alias at least.
    "Null": {"aws:ResourceTag/project": "true", "kms:ResourceAliases": "true"},
}
_KEEPS_ITS_TAGS: Condition = {"ForAllValues:StringNotEquals": {"aws:TagKeys": ["project", "stage"]}}
# An update sends only the tags that changed.
_TAGS_AS_OURS: Condition = {
    "StringEqualsIfExists": {"aws:RequestTag/project": "big-mouth"},
    "StringLikeIfExists": {"aws:RequestTag/stage": _STAGES},
}


@dataclass(frozen=True)
class ArnPattern:
    """Where a type's permissions hold.

    Attributes:
        arn: ARN; `{name}` stands for each name in the templates.
        condition: On what condition.
        only: The only actions that hold there; all of the type when empty.
    """

    arn: str
    condition: Condition = field(default_factory=dict)
    only: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scope:
    """The resources that a type's permissions are for.

    Attributes:
        patterns: What fits their ARNs.
        named_by: The type and its property that the names are taken from; None when CloudFormation makes
            them up.
    """

    patterns: tuple[ArnPattern, ...]
    named_by: tuple[str, str] | None = None


def _anywhere(*arns: str) -> tuple[ArnPattern, ...]:
    return tuple(ArnPattern(arn) for arn in arns)


# The ids of APIs, plans, pools, keys and mappings are made up by AWS and tell no stage; their tags do. What
# belongs to an API inherits its tags. Calls about tags name the API as a part of a path: IAM knows no tags
# there. APIs of both kinds have one pattern for that.
def _gateway(kind: str, tagged: str = "apis") -> tuple[ArnPattern, ...]:
    all_of_kind = f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}::/{kind}"
    tags = f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}::/tags/*{tagged}*"
    return (
        ArnPattern(f"{all_of_kind}/*", OURS),
        ArnPattern(all_of_kind, NEW, frozenset({"apigateway:POST"})),
        ArnPattern(all_of_kind, only=frozenset({"apigateway:GET"})),
        ArnPattern(tags, _TAGS_AS_OURS, frozenset({"apigateway:PUT"})),
        ArnPattern(tags, _KEEPS_ITS_TAGS, frozenset({"apigateway:DELETE"})),
    )


_APIS = _gateway("restapis")
_WEBSOCKET_APIS = _gateway("apis")
_POOL = f"arn:${{AWS::Partition}}:cognito-idp:{_HERE}:userpool/*"
_POOLS = (
    ArnPattern(_POOL, OURS),
    ArnPattern(_POOL, _NOT_YET_OURS, frozenset({"cognito-idp:TagResource"})),
)
_MAIL_OF_POOLS = "email.cognito-idp.amazonaws.com"
_ROLE_OF_MAIL = f"role/aws-service-role/{_MAIL_OF_POOLS}/AWSServiceRoleForAmazonCognitoIdpEmailService"
_ROLES = _anywhere("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/{name}")
_FUNCTIONS = _anywhere(f"arn:${{AWS::Partition}}:lambda:{_HERE}:function:{{name}}")
# A version or an alias is its function's ARN with `:` and more behind it, which the `*` at the end means too.
_QUALIFIED = _FUNCTIONS
_MAPPING = f"arn:${{AWS::Partition}}:lambda:{_HERE}:event-source-mapping:*"
_OF_OUR_FUNCTIONS: Condition = {
    "ArnLike": {
        "lambda:FunctionArn": [f"arn:${{AWS::Partition}}:lambda:{_HERE}:function:{{service}}-{{stage}}-*"]
    }
}
_ON_MAPPINGS = frozenset(
    {"lambda:GetEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping"}
)
_TAGS_OF_MAPPINGS = frozenset({"lambda:ListTags", "lambda:TagResource", "lambda:UntagResource"})
_RELEASES = ("AWS::CodeDeploy::Application", "ApplicationName")
_APPLICATION = f"arn:${{AWS::Partition}}:codedeploy:{_HERE}:application:{{name}}"
_GROUP = f"arn:${{AWS::Partition}}:codedeploy:{_HERE}:deploymentgroup:{{name}}/*"
_OF_APPLICATIONS = frozenset({"codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"})
_OF_GROUPS = frozenset(
    {
        "codedeploy:CreateDeployment",
        "codedeploy:CreateDeploymentGroup",
        "codedeploy:DeleteDeploymentGroup",
        "codedeploy:GetDeployment",
        "codedeploy:GetDeploymentGroup",
        "codedeploy:ListDeployments",
        "codedeploy:ListTagsForResource",
        "codedeploy:TagResource",
        "codedeploy:UntagResource",
        "codedeploy:UpdateDeploymentGroup",
    }
)
_DEPLOYMENT_GROUPS = Scope(
    (
        ArnPattern(_GROUP, only=_OF_GROUPS),
        ArnPattern(_APPLICATION, only=_OF_APPLICATIONS | {"codedeploy:ListDeploymentGroups"}),
        ArnPattern(
            # The ways to shift traffic that AWS predefines for Lambda.
            f"arn:${{AWS::Partition}}:codedeploy:{_HERE}:deploymentconfig:CodeDeployDefault.Lambda*",
            only=frozenset({"codedeploy:GetDeploymentConfig"}),
        ),
    ),
    _RELEASES,
)
_TOPICS = _anywhere(f"arn:${{AWS::Partition}}:sns:{_HERE}:{{name}}")
_QUEUES = _anywhere(f"arn:${{AWS::Partition}}:sqs:{_HERE}:{{name}}")
_KEY = f"arn:${{AWS::Partition}}:kms:{_HERE}:key/*"
_OUR_KEYS = Scope((ArnPattern(_KEY, OURS),))
# Of no region.
_DASHBOARD = "arn:${AWS::Partition}:cloudwatch::${AWS::AccountId}:dashboard/{name}"
_ON_DASHBOARDS = frozenset(
    {"cloudwatch:DeleteDashboards", "cloudwatch:GetDashboard", "cloudwatch:PutDashboard"}
)
_TAGS_OF_DASHBOARDS = frozenset(
    {"cloudwatch:ListTagsForResource", "cloudwatch:TagResource", "cloudwatch:UntagResource"}
)
_LOG_GROUPS = Scope(
    _anywhere(
        f"arn:${{AWS::Partition}}:logs:{_HERE}:log-group:{{name}}",
        f"arn:${{AWS::Partition}}:logs:{_HERE}:log-group:{{name}}:*",
    ),
    ("AWS::Logs::LogGroup", "LogGroupName"),
)
_BUCKETS = _anywhere("arn:${AWS::Partition}:s3:::{name}")
# Global ones and regional ones.
_WEB_ACLS = _anywhere(f"arn:${{AWS::Partition}}:wafv2:{_HERE}:*/webacl/{{name}}/*")
_ON_ACLS_OF_POOLS = frozenset(
    {"wafv2:AssociateWebACL", "wafv2:DisassociateWebACL", "wafv2:GetWebACLForResource"}
)
# CloudFront is of no region. The ids of its policies are made up by AWS, and they have no tags.
_CLOUDFRONT = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}"
_DISTRIBUTION = f"{_CLOUDFRONT}:distribution/*"
_DISTRIBUTIONS = (
    ArnPattern(_DISTRIBUTION, OURS),
    ArnPattern(_DISTRIBUTION, _NOT_YET_OURS, frozenset({"cloudfront:TagResource"})),
)


_DELIVERED = f"arn:${{AWS::Partition}}:logs:{_HERE}"
_ON_DELIVERIES = frozenset(
    f"logs:{action}"
    for action in (
        "CreateDelivery",
        "DeleteDelivery",
        "DeleteDeliveryDestination",
        "DeleteDeliveryDestinationPolicy",
        "DeleteDeliverySource",
        "GetDelivery",
        "GetDeliveryDestination",
        "GetDeliveryDestinationPolicy",
        "GetDeliverySource",
        "PutDeliveryDestination",
        "PutDeliveryDestinationPolicy",
        "PutDeliverySource",
        "UpdateDeliveryConfiguration",
    )
)
_TAGS_OF_DELIVERIES = frozenset({"logs:ListTagsForResource", "logs:TagResource", "logs:UntagResource"})


def _deliveries(name: str) -> tuple[ArnPattern, ...]:
    arn = f"{_DELIVERED}:{name}"
    # On a condition of its own, or the tags of log groups would be another statement of all their names.
    return ArnPattern(arn, only=_ON_DELIVERIES), ArnPattern(arn, _TAGS_AS_OURS, _TAGS_OF_DELIVERIES)


SCOPES = {
    "AWS::ApiGateway::Authorizer": Scope(_APIS),
    "AWS::ApiGateway::Deployment": Scope(_APIS),
    "AWS::ApiGateway::GatewayResponse": Scope(_APIS),
    "AWS::ApiGateway::Method": Scope(_APIS),
    "AWS::ApiGateway::Model": Scope(_APIS),
    "AWS::ApiGateway::Resource": Scope(_APIS),
    "AWS::ApiGateway::RestApi": Scope(_APIS),
    "AWS::ApiGateway::Stage": Scope(_APIS),
    "AWS::ApiGateway::UsagePlan": Scope(_gateway("usageplans", "usageplans")),
    "AWS::ApiGatewayV2::Api": Scope(_WEBSOCKET_APIS),
    "AWS::ApiGatewayV2::Integration": Scope(_WEBSOCKET_APIS),
    "AWS::ApiGatewayV2::Route": Scope(_WEBSOCKET_APIS),
    "AWS::ApiGatewayV2::Stage": Scope(_WEBSOCKET_APIS),
    "AWS::CloudFront::CachePolicy": Scope(_anywhere(f"{_CLOUDFRONT}:cache-policy/*")),
    "AWS::CloudFront::Distribution": Scope(_DISTRIBUTIONS),
    "AWS::CloudFront::Function": Scope(
        _anywhere(f"{_CLOUDFRONT}:function/{{name}}"), ("AWS::CloudFront::Function", "Name")
    ),
    "AWS::CloudFront::OriginAccessControl": Scope(_anywhere(f"{_CLOUDFRONT}:origin-access-control/*")),
    "AWS::CloudFront::OriginRequestPolicy": Scope(_anywhere(f"{_CLOUDFRONT}:origin-request-policy/*")),
    "AWS::CloudFront::ResponseHeadersPolicy": Scope(_anywhere(f"{_CLOUDFRONT}:response-headers-policy/*")),
    "AWS::CloudWatch::Alarm": Scope(
        _anywhere(f"arn:${{AWS::Partition}}:cloudwatch:{_HERE}:alarm:{{name}}"),
        ("AWS::CloudWatch::Alarm", "AlarmName"),
    ),
    "AWS::CloudWatch::CompositeAlarm": Scope(
        _anywhere(f"arn:${{AWS::Partition}}:cloudwatch:{_HERE}:alarm:{{name}}"),
        # As all alarms: the same actions on the same names are one statement.
        ("AWS::CloudWatch::Alarm", "AlarmName"),
    ),
    "AWS::CloudWatch::Dashboard": Scope(
        (
            ArnPattern(_DASHBOARD, only=_ON_DASHBOARDS),
            # On a condition of its own, or the tags of alarms would be another statement of all their names.
            ArnPattern(_DASHBOARD, _TAGS_AS_OURS, _TAGS_OF_DASHBOARDS),
        ),
        ("AWS::CloudWatch::Dashboard", "DashboardName"),
    ),
    "AWS::CodeDeploy::Application": Scope(_anywhere(_APPLICATION), _RELEASES),
    "AWS::CodeDeploy::DeploymentGroup": _DEPLOYMENT_GROUPS,
    "AWS::Cognito::UserPool": Scope(_POOLS),
    "AWS::Cognito::UserPoolClient": Scope(_POOLS),
    "AWS::Cognito::UserPoolGroup": Scope(_POOLS),
    "AWS::DynamoDB::Table": Scope(
        _anywhere(f"arn:${{AWS::Partition}}:dynamodb:{_HERE}:table/{{name}}"),
        ("AWS::DynamoDB::Table", "TableName"),
    ),
    "AWS::Events::Archive": Scope(
        _anywhere(
            f"arn:${{AWS::Partition}}:events:{_HERE}:archive/{{name}}",
            f"arn:${{AWS::Partition}}:events:{_HERE}:event-bus/{{name}}",
        ),
        ("AWS::Events::Archive", "ArchiveName"),
    ),
    "AWS::Events::EventBus": Scope(
        _anywhere(f"arn:${{AWS::Partition}}:events:{_HERE}:event-bus/{{name}}"),
        ("AWS::Events::EventBus", "Name"),
    ),
    "AWS::Events::Rule": Scope(
        # On the stage's own bus. One on another stage's would see what happens there.
        _anywhere(f"arn:${{AWS::Partition}}:events:{_HERE}:rule/shared-infra-{{stage}}/{{name}}"),
        ("AWS::Events::Rule", "Name"),
    ),
    "AWS::IAM::Role": Scope(_ROLES, ("AWS::IAM::Role", "RoleName")),
    "AWS::KinesisFirehose::DeliveryStream": Scope(
        _anywhere(f"arn:${{AWS::Partition}}:firehose:{_HERE}:deliverystream/{{name}}"),
        ("AWS::KinesisFirehose::DeliveryStream", "DeliveryStreamName"),
    ),
    # To give a key an alias needs the permission on both.
    "AWS::KMS::Alias": Scope(
        (ArnPattern(f"arn:${{AWS::Partition}}:kms:{_HERE}:{{name}}"), ArnPattern(_KEY, OURS)),
        ("AWS::KMS::Alias", "AliasName"),
    ),
    "AWS::KMS::Key": Scope(
        (ArnPattern(_KEY, OURS), ArnPattern(_KEY, _NEW_KEY, frozenset({"kms:TagResource"})))
    ),
    "AWS::Lambda::Alias": Scope(_QUALIFIED, ("AWS::Lambda::Function", "FunctionName")),
    "AWS::Lambda::EventSourceMapping": Scope(
        (
            ArnPattern(_MAPPING, _OF_OUR_FUNCTIONS, _ON_MAPPINGS),
            ArnPattern(_MAPPING, OURS, _TAGS_OF_MAPPINGS),
            ArnPattern(_MAPPING, _NOT_YET_OURS, frozenset({"lambda:TagResource"})),
        )
    ),
    "AWS::Lambda::Function": Scope(_FUNCTIONS, ("AWS::Lambda::Function", "FunctionName")),
    "AWS::Lambda::Permission": Scope(_FUNCTIONS, ("AWS::Lambda::Function", "FunctionName")),
    "AWS::Lambda::Version": Scope(_QUALIFIED, ("AWS::Lambda::Function", "FunctionName")),
    "AWS::Logs::Delivery": Scope(
        (
            *_deliveries("delivery:*"),
            # From where to where, on which the permission to create one is needed too.
            ArnPattern(f"{_DELIVERED}:delivery-*:{{name}}", only=frozenset({"logs:CreateDelivery"})),
        ),
        ("AWS::Logs::DeliverySource", "Name"),
    ),
    "AWS::Logs::DeliveryDestination": Scope(
        _deliveries("delivery-destination:{name}"), ("AWS::Logs::DeliveryDestination", "Name")
    ),
    "AWS::Logs::DeliverySource": Scope(
        _deliveries("delivery-source:{name}"), ("AWS::Logs::DeliverySource", "Name")
    ),
    "AWS::Logs::LogGroup": _LOG_GROUPS,
    "AWS::Logs::SubscriptionFilter": _LOG_GROUPS,
    "AWS::S3::Bucket": Scope(_BUCKETS),
    "AWS::S3::BucketPolicy": Scope(_BUCKETS),
    "AWS::SNS::Subscription": Scope(_TOPICS, ("AWS::SNS::Topic", "TopicName")),
    "AWS::SNS::Topic": Scope(_TOPICS, ("AWS::SNS::Topic", "TopicName")),
    "AWS::SNS::TopicPolicy": Scope(_TOPICS, ("AWS::SNS::Topic", "TopicName")),
    "AWS::SQS::Queue": Scope(_QUEUES, ("AWS::SQS::Queue", "QueueName")),
    "AWS::SQS::QueuePolicy": Scope(_QUEUES, ("AWS::SQS::Queue", "QueueName")),
    "AWS::SSM::Parameter": Scope(
        _anywhere(f"arn:${{AWS::Partition}}:ssm:{_HERE}:parameter{{name}}"),
        ("AWS::SSM::Parameter", "Name"),
    ),
    "AWS::SecretsManager::Secret": Scope(
        _anywhere(f"arn:${{AWS::Partition}}:secretsmanager:{_HERE}:secret:{{name}}"),
        ("AWS::SecretsManager::Secret", "Name"),
    ),
    "AWS::StepFunctions::StateMachine": Scope(
        _anywhere(f"arn:${{AWS::Partition}}:states:{_HERE}:stateMachine:{{name}}"),
        ("AWS::StepFunctions::StateMachine", "StateMachineName"),
    ),
    "AWS::WAFv2::WebACL": Scope(
        (
            *_WEB_ACLS,
            # To name AWS's own rules needs the permission for them.
            ArnPattern(
                f"arn:${{AWS::Partition}}:wafv2:{_HERE}:*/managedruleset/*",
                only=frozenset({"wafv2:CreateWebACL", "wafv2:UpdateWebACL"}),
            ),
        ),
        ("AWS::WAFv2::WebACL", "Name"),
    ),
    "AWS::WAFv2::WebACLAssociation": Scope(
        (*_WEB_ACLS, ArnPattern(_POOL, OURS, _ON_ACLS_OF_POOLS)), ("AWS::WAFv2::WebACL", "Name")
    ),
}

OWN_NAMESPACES = {
    "ApiGateway": "apigateway",
    "ApiGatewayV2": "apigateway",
    "CloudFront": "cloudfront",
    "CloudWatch": "cloudwatch",
    "CodeDeploy": "codedeploy",
    "Cognito": "cognito-idp",
    "DynamoDB": "dynamodb",
    "Events": "events",
    "IAM": "iam",
    "KMS": "kms",
    "KinesisFirehose": "firehose",
    "Lambda": "lambda",
    "Logs": "logs",
    "S3": "s3",
    "SNS": "sns",
    "SQS": "sqs",
    "SSM": "ssm",
    "SecretsManager": "secretsmanager",
    "StepFunctions": "states",
    "WAFv2": "wafv2",
}
"""The IAM namespace of each service. Permissions in others come with features that no template uses."""

OF_OTHER_SERVICES = {
    # What reading asks for. No API is made from a file.
    ("AWS::ApiGatewayV2::Api", "s3:getObject"): Scope(_anywhere("arn:${AWS::Partition}:s3:::{name}/*")),
    ("AWS::CodeDeploy::DeploymentGroup", "iam:PassRole"): Scope(_ROLES, ("AWS::IAM::Role", "RoleName")),
    ("AWS::Cognito::UserPool", "iam:CreateServiceLinkedRole"): Scope(
        _anywhere(f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:{_ROLE_OF_MAIL}")
    ),
    ("AWS::Cognito::UserPool", "kms:Decrypt"): _OUR_KEYS,
    ("AWS::Cognito::UserPool", "kms:DescribeKey"): _OUR_KEYS,
    ("AWS::Events::Archive", "kms:Decrypt"): _OUR_KEYS,
    ("AWS::Events::Rule", "iam:PassRole"): Scope(_ROLES, ("AWS::IAM::Role", "RoleName")),
    ("AWS::KinesisFirehose::DeliveryStream", "iam:PassRole"): Scope(_ROLES, ("AWS::IAM::Role", "RoleName")),
    ("AWS::Logs::SubscriptionFilter", "iam:PassRole"): Scope(_ROLES, ("AWS::IAM::Role", "RoleName")),
    **{
        ("AWS::Lambda::Alias", f"codedeploy:{action}"): _DEPLOYMENT_GROUPS
        for action in (
            "CreateDeployment",
            "GetDeployment",
            "GetDeploymentConfig",
            "GetDeploymentGroup",
            "StopDeployment",
        )
    },
    ("AWS::Lambda::EventSourceMapping", "kms:Decrypt"): _OUR_KEYS,
    ("AWS::Lambda::Function", "iam:PassRole"): Scope(_ROLES, ("AWS::IAM::Role", "RoleName")),
    ("AWS::Lambda::Function", "kms:Decrypt"): _OUR_KEYS,
    ("AWS::Lambda::Function", "s3:GetObject"): Scope(_anywhere("arn:${AWS::Partition}:s3:::{name}/*")),
    ("AWS::Logs::DeliverySource", "cloudfront:AllowVendedLogDeliveryForResource"): Scope(
        (ArnPattern(_DISTRIBUTION, OURS),)
    ),
    ("AWS::StepFunctions::StateMachine", "iam:PassRole"): Scope(_ROLES, ("AWS::IAM::Role", "RoleName")),
    ("AWS::StepFunctions::StateMachine", "kms:Decrypt"): _OUR_KEYS,
    **{
        ("AWS::WAFv2::WebACLAssociation", f"cognito-idp:{action}"): Scope((ArnPattern(_POOL, OURS),))
        for action in ("AssociateWebACL", "DisassociateWebACL", "GetWebACLForResource")
    },
}
"""Those that are used all the same: roles and packages, and what the type's own reading handler asks for."""

NOT_IN_SCHEMAS = {
    "AWS::Logs::DeliverySource": frozenset({"cloudfront:AllowVendedLogDeliveryForResource"}),
}
"""Actions that a type needs by AWS's documentation, and its schema lacks: it names other services alone."""

LEFT_OUT = {
    "cloudfront:*ConnectionGroup": "the distribution has no tenants",
    "cloudfront:UpdateDistributionWithStagingConfig": "no distribution is a copy of another for trials",
    "secretsmanager:Re*Replicat*": "secrets are in one region",
    "secretsmanager:ReplicateSecretToRegions": "secrets are in one region",
    "wafv2:*PermissionPolicy": "no rule group is shared with other accounts",
    "codedeploy:RegisterOnPremisesInstance": "nothing is deployed to machines",
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
    "events:*Permission": "the bus has no policy of its own: only this account publishes",
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
    "logs:PutBearerTokenAuthentication": "logs are not written with bearer tokens",
    "s3:DeleteObject": "the deployer empties the bucket, CloudFormation does not",
    "s3:PutObjectAcl": "objects have no access lists",
    "s3:*Metadata*": "the bucket has no metadata table",
    "s3:*Replication*": "the bucket is not replicated",
    "s3:*Website": "the bucket is no website",
}
"""Actions, as patterns, that a schema asks for and the role does not get, with the reason.

What a type's reading or listing handler asks for is granted all the same: every creation ends in a read, and
fails with it.
"""

_LISTS = "lists all or none"
ON_EVERYTHING = {
    "cognito-idp:CreateUserPool": "a pool has no ARN before it is made",
    "kms:CreateKey": "a key has no ARN before it is made",
    "cloudfront:CreateCachePolicy": "IAM grants it on all or none",
    "cloudfront:CreateDistribution": "a distribution has no ARN before it is made",
    "cloudfront:CreateFunction": "IAM grants it on all or none",
    "cloudfront:CreateOriginAccessControl": "IAM grants it on all or none",
    "cloudfront:CreateOriginRequestPolicy": "IAM grants it on all or none",
    "cloudfront:CreateResponseHeadersPolicy": "IAM grants it on all or none",
    "cloudfront:ListCachePolicies": _LISTS,
    "cloudfront:ListDistributions": _LISTS,
    "cloudfront:ListFunctions": _LISTS,
    "cloudfront:ListOriginAccessControls": _LISTS,
    "cloudfront:ListOriginRequestPolicies": _LISTS,
    "cloudfront:ListResponseHeadersPolicies": _LISTS,
    "cloudwatch:ListDashboards": _LISTS,
    "cognito-idp:ListUserPools": _LISTS,
    "codedeploy:ListApplications": _LISTS,
    "codedeploy:StopDeployment": "IAM grants it on all deployments or none",
    "dynamodb:ListTables": _LISTS,
    "events:ListArchives": _LISTS,
    "events:ListEventBuses": _LISTS,
    "events:ListRules": _LISTS,
    "firehose:ListDeliveryStreams": _LISTS,
    "iam:ListRoles": _LISTS,
    "kms:ListAliases": _LISTS,
    "kms:ListKeys": _LISTS,
    "lambda:ListEventSourceMappings": _LISTS,
    "lambda:ListFunctions": _LISTS,
    "s3:ListAllMyBuckets": _LISTS,
    "sns:ListSubscriptions": _LISTS,
    "sns:ListTopics": _LISTS,
    "sqs:ListQueues": _LISTS,
    "ssm:DescribeParameters": _LISTS,
    "states:ListStateMachines": _LISTS,
    "lambda:CreateEventSourceMapping": "a mapping has no ARN before it is made; its function has",
    "logs:DescribeDeliveries": _LISTS,
    "logs:DescribeDeliveryDestinations": _LISTS,
    "logs:DescribeDeliverySources": _LISTS,
    "secretsmanager:GetRandomPassword": "it is about no secret",
    "secretsmanager:ListSecrets": _LISTS,
    "wafv2:listWebACLs": _LISTS,
    "logs:DescribeIndexPolicies": "IAM grants it on all log groups or none",
    "logs:DescribeLogGroups": _LISTS,
    "logs:DescribeResourcePolicies": _LISTS,
}
"""Actions that can only be granted on `*`, with the reason."""

_BOUNDARIES = [
    f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:policy/big-mouth-{{environment}}-{kind}"
    for kind in ("boundary", "releases-boundary")
]
_KEEPS_BOUNDARY: Condition = {"StringEquals": {"iam:PermissionsBoundary": _BOUNDARIES}}
CONDITIONS: dict[str, Condition] = {
    "cognito-idp:CreateUserPool": NEW,
    "kms:CreateKey": NEW,
    "iam:CreateRole": _KEEPS_BOUNDARY,
    "iam:CreateServiceLinkedRole": {"StringEquals": {"iam:AWSServiceName": [_MAIL_OF_POOLS]}},
    "iam:DeleteRolePolicy": _KEEPS_BOUNDARY,
    "iam:DetachRolePolicy": _KEEPS_BOUNDARY,
    "iam:PutRolePermissionsBoundary": _KEEPS_BOUNDARY,
    "iam:PutRolePolicy": _KEEPS_BOUNDARY,
    "iam:PassRole": {
        "StringEquals": {
            "iam:PassedToService": [
                "codedeploy.amazonaws.com",
                "events.amazonaws.com",
                "firehose.amazonaws.com",
                "lambda.amazonaws.com",
                "logs.amazonaws.com",
                "states.amazonaws.com",
            ]
        }
    },
    "lambda:CreateEventSourceMapping": _OF_OUR_FUNCTIONS,
}
"""On what condition an action is granted, whatever the condition of the pattern."""
