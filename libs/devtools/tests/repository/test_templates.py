"""Rules that every compiled template keeps."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

from stagectl.people.user_pool import TOKEN_LIFETIME

from .conftest import SERVICES, Compiled, package

# Why a `*` is right where it stands: (stack, resource) to reason.
# begin only-with-example-services
TOKEN = "a task token names no resource that a policy could; who has it may use it"
# end only-with-example-services
COMPOSITE = "CloudWatch describes composite alarms only to those who may describe all"
HOOKS = ("CheckDashreleaseIamRoleLambdaExecution", "CheckDashtrafficIamRoleLambdaExecution")
# It has no API, so no traffic to check.
WITHOUT_API = {("events", "CheckDashtrafficIamRoleLambdaExecution")}
APPROVED_WILDCARDS = {
    **dict.fromkeys(product(SERVICES, ["DeploymentRole"]), COMPOSITE),
    **dict.fromkeys(
        set(product(SERVICES, HOOKS)) - WITHOUT_API,
        "CodeDeploy knows no resource for what its hooks ask and tell",
    ),
    # begin only-with-example-services
    ("restaurants", "ApproveDashsubmissionIamRoleLambdaExecution"): TOKEN,
    ("restaurants", "RejectDashsubmissionIamRoleLambdaExecution"): TOKEN,
    ("restaurants", "RequestDashreviewIamRoleLambdaExecution"): TOKEN,
    (
        "orders",
        "PublishDashorderDasheventsIamRoleLambdaExecution",
    ): "dynamodb:ListStreams, which Lambda asks for, knows no resources",
    # end only-with-example-services
    ("shared-infra", "Key"): "a key policy's resource is the key, and the account's own policies decide",
}
PUBLIC: tuple[tuple[str, str, str], ...] = (
    # Service, method and resource of routes for everybody.
    # begin only-with-example-services
    # People sign in on the pages, so these, their assets, the legal documents and the search are for
    # those who have not signed in.
    ("restaurants", "GET", "root"),
    ("restaurants", "GET", "ApiGatewayResourceAssetsPathVar"),
    ("restaurants", "GET", "ApiGatewayResourceRestaurantsSearch"),
    ("web", "GET", "root"),
    ("web", "GET", "ApiGatewayResourceRestaurant"),
    ("web", "GET", "ApiGatewayResourceDocs"),
    ("web", "GET", "ApiGatewayResourceAssetsFileVar"),
    ("web", "GET", "ApiGatewayResourceLegalPageVar"),
    # end only-with-example-services
)
UNRESTORED: tuple[str, ...] = (
    # Tables whose loss is no loss of data.
    # begin only-with-example-services
    # What was delivered can be told again; losing that table costs a notification too many, not an order.
    # How many orders a customer has placed counts for a minute, and which pages are open for nine.
    *("DeliveriesTable", "AllowancesTable", "PagesTable"),
    # end only-with-example-services
)
SENDS_TRACES = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
VISIBILITY_TIMEOUT_FACTOR = 6
SHORTEST_RETRY_SECONDS = 600


def statements(compiled: dict[str, Compiled]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (stack, resource, statement) of all that any policy in the templates allows."""
    for stack, template in compiled.items():
        for name, resource in template.resources.items():
            for document in policy_documents(resource.get("Properties", {})):
                for statement in document["Statement"]:
                    if statement["Effect"] == "Allow":
                        yield stack, name, statement


def policy_documents(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if isinstance(node.get("Statement"), list):
            yield node
            return
        for value in node.values():
            yield from policy_documents(value)
    elif isinstance(node, list):
        for value in node:
            yield from policy_documents(value)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_no_policy_allows_all_actions_of_a_service(compiled: dict[str, Compiled]) -> None:
    wide = [
        (stack, name, action)
        for stack, name, statement in statements(compiled)
        for action in as_list(statement["Action"])
        if "*" in action and (stack, name) not in APPROVED_WILDCARDS
    ]
    assert wide == []


def test_no_policy_names_all_resources_without_a_written_reason(compiled: dict[str, Compiled]) -> None:
    wide = [
        (stack, name)
        for stack, name, statement in statements(compiled)
        if "*" in as_list(statement.get("Resource", [])) and (stack, name) not in APPROVED_WILDCARDS
        # X-Ray knows no resource for the traces that functions send.
        if not SENDS_TRACES.issuperset(as_list(statement["Action"]))
    ]
    assert wide == []


def test_every_approved_wildcard_is_still_needed(compiled: dict[str, Compiled]) -> None:
    used = {
        (stack, name)
        for stack, name, statement in statements(compiled)
        if "*" in as_list(statement.get("Resource", []))
    }
    assert used >= APPROVED_WILDCARDS.keys()


def test_every_topic_has_a_policy_of_its_own_in_place_of_the_default_one(
    compiled: dict[str, Compiled],
) -> None:
    for template in compiled.values():
        policies = template.of_type("AWS::SNS::TopicPolicy").values()
        covered = [topic["Ref"] for policy in policies for topic in policy["Topics"]]
        assert sorted(covered) == sorted(template.of_type("AWS::SNS::Topic"))


def test_every_function_has_a_role_of_its_own(compiled: dict[str, Compiled]) -> None:
    for template in compiled.values():
        functions = template.of_type("AWS::Lambda::Function")
        roles = [function["Role"]["Fn::GetAtt"][0] for function in functions.values()]
        assert len(set(roles)) == len(functions), template.service


def test_no_role_is_left_that_nothing_uses(compiled: dict[str, Compiled]) -> None:
    for template in compiled.values():
        roles = template.of_type("AWS::IAM::Role").keys()
        others = json.dumps([one for name, one in template.resources.items() if name not in roles])
        assert {role for role in roles if f'["{role}", "Arn"]' not in others} == set(), template.service


def test_roles_are_called_as_their_functions(compiled: dict[str, Compiled]) -> None:
    for template in compiled.values():
        roles = template.of_type("AWS::IAM::Role")
        for function in template.of_type("AWS::Lambda::Function").values():
            role = roles[function["Role"]["Fn::GetAtt"][0]]
            assert role["RoleName"] == function["FunctionName"]


def test_every_log_group_forgets_some_day(compiled: dict[str, Compiled]) -> None:
    for template in compiled.values():
        for name, group in template.of_type("AWS::Logs::LogGroup").items():
            assert group.get("RetentionInDays"), (template.service, name)


def test_a_message_being_worked_on_is_not_handed_out_again(compiled: dict[str, Compiled]) -> None:
    for template in compiled.values():
        functions = template.of_type("AWS::Lambda::Function")
        queues = template.of_type("AWS::SQS::Queue")
        for mapping in template.of_type("AWS::Lambda::EventSourceMapping").values():
            queue = queues.get(mapping["EventSourceArn"]["Fn::GetAtt"][0])
            if queue is not None:
                ((arn, _),) = [mapping["FunctionName"]["Fn::Join"][1]]
                function = functions[arn["Fn::GetAtt"][0]]
                assert queue["VisibilityTimeout"] >= VISIBILITY_TIMEOUT_FACTOR * function["Timeout"], queue


def test_what_cannot_be_consumed_is_kept_somewhere(compiled: dict[str, Compiled]) -> None:
    for template in compiled.values():
        queues = template.of_type("AWS::SQS::Queue")
        for name, mapping in template.of_type("AWS::Lambda::EventSourceMapping").items():
            queue = queues.get(mapping["EventSourceArn"]["Fn::GetAtt"][0])
            kept = mapping.get("DestinationConfig") if queue is None else queue.get("RedrivePolicy")
            assert kept, (template.service, name)


def test_every_queue_of_failures_raises_an_alarm(compiled: dict[str, Compiled]) -> None:
    for template in compiled.values():
        watched = {
            dimension["Value"]["Fn::GetAtt"][0]
            for alarm in template.of_type("AWS::CloudWatch::Alarm").values()
            for dimension in alarm.get("Dimensions", [])
            # By a reference: alarms on what a service promises name their queues.
            if alarm["AlarmActions"]
            and dimension["Name"] == "QueueName"
            and isinstance(dimension["Value"], dict)
        }
        failures = {
            name
            for name, queue in template.of_type("AWS::SQS::Queue").items()
            if queue["QueueName"].endswith("-dlq")
        }
        assert failures <= watched, template.service


def rules(compiled: dict[str, Compiled]) -> Iterator[tuple[Compiled, str, dict[str, Any]]]:
    """Yield (template, name, resource) of every rule of a bus."""
    for template in compiled.values():
        for name, resource in template.resources.items():
            if resource["Type"] == "AWS::Events::Rule":
                yield template, name, resource


def queues_sent_to(rule: dict[str, Any]) -> set[str]:
    """Return the queues that a rule sends to: its targets, and where undelivered events go."""
    return {
        arn["Fn::GetAtt"][0]
        for target in rule["Properties"]["Targets"]
        for arn in (target["Arn"], target["DeadLetterConfig"]["Arn"])
    }


def policies_by_queue(template: Compiled) -> dict[str, str]:
    """Return the name of the policy of each queue that has one."""
    return {
        queue["Ref"]: name
        for name, policy in template.of_type("AWS::SQS::QueuePolicy").items()
        for queue in policy["Queues"]
    }


def test_every_target_of_a_rule_is_tried_again_and_keeps_what_it_cannot_deliver(
    compiled: dict[str, Compiled],
) -> None:
    found = list(rules(compiled))
    for _, name, rule in found:
        for target in rule["Properties"]["Targets"]:
            assert target["RetryPolicy"]["MaximumRetryAttempts"] > 0, name
            assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] >= SHORTEST_RETRY_SECONDS, name
            assert target["DeadLetterConfig"]["Arn"] != target["Arn"], name
    assert {name for _, name, _ in found} >= {"EveryEventRule", "EndToEndRule"}


def test_a_rule_exists_only_after_the_policies_that_let_it_send(compiled: dict[str, Compiled]) -> None:
    for template, name, rule in rules(compiled):
        policies = policies_by_queue(template)
        needed = {policies[queue] for queue in queues_sent_to(rule)}
        assert needed <= set(rule.get("DependsOn", [])), name
        # A reference would make the rule first; its ARN names it without one.
        text = json.dumps({policy: template.resources[policy] for policy in needed})
        assert f'"{name}"' not in text, name
        assert f'/{rule["Properties"]["Name"]}"' in text, name


def test_a_policy_for_a_rule_names_it_in_every_partition_and_account(compiled: dict[str, Compiled]) -> None:
    for template, name, rule in rules(compiled):
        policies = policies_by_queue(template)
        bus = rule["Properties"]["EventBusName"]["Ref"]
        arn = (
            "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}"
            f":rule/${{{bus}}}/{rule['Properties']['Name']}"
        )
        for queue in queues_sent_to(rule):
            statements = template.resources[policies[queue]]["Properties"]["PolicyDocument"]["Statement"]
            assert {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": {"Fn::GetAtt": [queue, "Arn"]},
                "Condition": {"ArnEquals": {"aws:SourceArn": {"Fn::Sub": arn}}},
            } in [{key: each[key] for key in each if key != "Sid"} for each in statements], name


def test_every_rule_of_a_service_raises_an_alarm_when_it_does_not_deliver(
    compiled: dict[str, Compiled],
) -> None:
    for template, name, rule in rules(compiled):
        if template.service == "shared-infra":
            # Its rule copies events for tests; only what is in its dead-letter queue is of interest.
            continue
        dimensions = [
            {"Name": "EventBusName", "Value": rule["Properties"]["EventBusName"]},
            {"Name": "RuleName", "Value": rule["Properties"]["Name"]},
        ]
        watched = {
            alarm["MetricName"]
            for alarm in template.of_type("AWS::CloudWatch::Alarm").values()
            if alarm.get("Namespace") == "AWS/Events" and alarm["Dimensions"] == dimensions
        }
        assert watched == {"FailedInvocations", "InvocationsFailedToBeSentToDlq"}, name


def test_every_route_asks_who_is_calling_or_is_public_on_purpose(compiled: dict[str, Compiled]) -> None:
    public = {
        (template.service, method["HttpMethod"], method["ResourceId"].get("Ref", "root"))
        for template in compiled.values()
        for method in template.of_type("AWS::ApiGateway::Method").values()
        if method["AuthorizationType"] == "NONE"
        and not method.get("ApiKeyRequired")
        and method["HttpMethod"] != "OPTIONS"
    }
    assert public == set(PUBLIC)


def test_every_table_can_be_restored_to_any_moment(compiled: dict[str, Compiled]) -> None:
    for template in compiled.values():
        for name, table in template.of_type("AWS::DynamoDB::Table").items():
            restored = table.get("PointInTimeRecoverySpecification", {}).get(
                "PointInTimeRecoveryEnabled", False
            )
            assert restored or name in UNRESTORED, name


def test_production_keeps_its_data_when_a_stack_goes(compiled: dict[str, Compiled]) -> None:
    kept = {
        *("OrdersTable", "RestaurantsTable"),  # only-with-example-services
        *("CognitoUserPoolUsers", "UsersAudit", "Key"),
    }
    policies = {
        name: resource.get("DeletionPolicy")
        for template in compiled.values()
        for name, resource in template.resources.items()
        if name in kept
    }
    assert policies == dict.fromkeys(kept, "Retain")


def test_secrets_stand_in_no_variable(compiled: dict[str, Compiled]) -> None:
    suspicious = ("SECRET", "PASSWORD", "TOKEN", "PRIVATE")
    named = [
        (template.service, variable)
        for template in compiled.values()
        for function in template.of_type("AWS::Lambda::Function").values()
        for variable in function["Environment"]["Variables"]
        if any(word in variable for word in suspicious)
    ]
    assert named == []


def test_a_refresh_token_of_the_page_is_good_for_one_use(compiled: dict[str, Compiled]) -> None:
    client = compiled["auth"].of_type("AWS::Cognito::UserPoolClient")["WebClient"]
    assert client["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}
    # Cognito refuses rotation together with it.
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in client["ExplicitAuthFlows"]


def test_an_erasure_waits_as_long_as_a_token_lasts(compiled: dict[str, Compiled]) -> None:
    for client in compiled["auth"].of_type("AWS::Cognito::UserPoolClient").values():
        units = client["TokenValidityUnits"]
        assert (units["IdToken"], units["AccessToken"]) == ("minutes", "minutes")
        longest = max(client["IdTokenValidity"], client["AccessTokenValidity"])
        assert timedelta(minutes=longest) == TOKEN_LIFETIME


def test_mails_hold_what_cognito_puts_in(compiled: dict[str, Compiled]) -> None:
    (pool,) = compiled["auth"].of_type("AWS::Cognito::UserPool").values()
    invitation = pool["AdminCreateUserConfig"]["InviteMessageTemplate"]["EmailMessage"]
    assert all(invitation.count(one) == 1 for one in ("{username}", "{####}"))
    assert pool["VerificationMessageTemplate"]["EmailMessage"].count("{####}") == 1


def test_a_request_to_erase_a_person_is_not_archived(compiled: dict[str, Compiled]) -> None:
    (archive,) = compiled["shared-infra"].of_type("AWS::Events::Archive").values()
    assert archive["EventPattern"]["detail-type"] == [{"anything-but": "user_erasure_requested"}]


def test_no_function_may_change_who_somebody_is(compiled: dict[str, Compiled]) -> None:
    actions = [action for _, _, statement in statements(compiled) for action in as_list(statement["Action"])]
    assert [action for action in actions if action.startswith("cognito-idp:")] == []


def test_users_get_their_mail_through_ses_where_the_stage_has_an_identity(
    compiled: dict[str, Compiled],
) -> None:
    pool = compiled["auth"]
    by_default = pool.template["Conditions"]["SendsThroughSes"]
    package(
        pool.folder, "prod", "--param=mailIdentity=example.com", "--param=mailFrom=Orders <a@example.com>"
    )
    template = json.loads(pool.template_file.read_text())
    package(pool.folder)

    assert by_default == {"Fn::Not": [{"Fn::Equals": ["", ""]}]}
    assert template["Conditions"]["SendsThroughSes"] == {"Fn::Not": [{"Fn::Equals": ["example.com", ""]}]}
    identity = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/example.com"
    email = template["Resources"]["CognitoUserPoolUsers"]["Properties"]["EmailConfiguration"]
    assert email == {
        "Fn::If": [
            "SendsThroughSes",
            {
                "EmailSendingAccount": "DEVELOPER",
                "SourceArn": {"Fn::Sub": identity},
                "From": "Orders <a@example.com>",
            },
            {"EmailSendingAccount": "COGNITO_DEFAULT"},
        ]
    }
