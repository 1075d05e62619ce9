"""What the edge's template promises: where each request goes, what is kept, and who may ask an API."""

import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from stagectl.checkout import services
from stagectl.checkout.routes import Authorizer, Route, routes_of
from stagectl.checkout.yaml_loader import load_mapping

from .conftest import ROOT, Compiled

PAGES = "web"
NEVER_CACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""The policy of AWS by which nothing is cached."""
HASHED = f"/assets/*.{'?' * 32}.*"
CACHED = {
    "/": "Briefly",
    HASHED: "AsOriginSays",
    "/assets/*": "AsOriginSays",
    "/api/restaurants/restaurants/search": "Briefly",
}
KEEPS_SEARCHES = {"Briefly"}
SENT_BY_THE_EDGE = "{{resolve:secretsmanager:/edge/prod/origin-1:SecretString}}"
SUPPORTED_ERRORS = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}

Behaviour = dict[str, Any]


@pytest.fixture(scope="module")
def edge(compiled: dict[str, Compiled]) -> Compiled:
    return compiled["edge"]


@pytest.fixture(scope="module")
def distribution(edge: Compiled) -> dict[str, Any]:
    (found,) = edge.of_type("AWS::CloudFront::Distribution").values()
    configuration: dict[str, Any] = found["DistributionConfig"]
    return configuration


@pytest.fixture(scope="module")
def behaviours(distribution: dict[str, Any]) -> list[tuple[str, Behaviour]]:
    ordered = [(one["PathPattern"], one) for one in distribution["CacheBehaviors"]]
    return [*ordered, ("*", distribution["DefaultCacheBehavior"])]


def public_routes() -> Iterator[tuple[str, Route]]:
    """Yield each service's routes that a browser may call."""
    for name, stack in services.discover(ROOT).items():
        for route in routes_of(load_mapping(stack.folder / "serverless.yml")):
            if route.authorizer is not Authorizer.AWS_IDENTITY:
                yield name, route


def matches(pattern: str, path: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), path) is not None


def cached(behaviour: Behaviour) -> str | None:
    policy = behaviour["CachePolicyId"]
    return None if policy == NEVER_CACHED else policy["Ref"]


def test_each_route_reaches_its_service_by_the_first_behaviour_that_its_path_matches(
    behaviours: list[tuple[str, Behaviour]],
) -> None:
    lost = []
    for service, route in public_routes():
        below = "" if service == PAGES else f"/api/{service}"
        path = below + re.sub(r"\{[^}]+\}", "x", route.path)
        found = next(one for pattern, one in behaviours if matches(pattern, path))
        if found["TargetOriginId"] != service or route.method not in found["AllowedMethods"]:
            lost.append(f"{route.method} {path} goes to {found['TargetOriginId']}")

    assert lost == []


def test_only_what_is_the_same_for_all_is_cached(behaviours: list[tuple[str, Behaviour]]) -> None:
    assert {pattern: cached(one) for pattern, one in behaviours if cached(one)} == CACHED
    assert all(one["CachedMethods"] == ["GET", "HEAD"] for _, one in behaviours)


def test_no_cached_answer_depends_on_who_asks(
    edge: Compiled, behaviours: list[tuple[str, Behaviour]]
) -> None:
    for name, policy in edge.of_type("AWS::CloudFront::CachePolicy").items():
        named = policy["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
        assert named["HeadersConfig"] == {"HeaderBehavior": "none"}, name
        assert named["CookiesConfig"] == {"CookieBehavior": "none"}, name
        assert (named["QueryStringsConfig"]["QueryStringBehavior"] == "all") == (name in KEEPS_SEARCHES)
    forwarded = edge.of_type("AWS::CloudFront::OriginRequestPolicy")
    for pattern, one in behaviours:
        if "OriginRequestPolicyId" in one and cached(one):
            configuration = forwarded[one["OriginRequestPolicyId"]["Ref"]]["OriginRequestPolicyConfig"]
            assert configuration["HeadersConfig"]["Headers"] == ["Content-Type"], pattern
            assert configuration["CookiesConfig"] == {"CookieBehavior": "none"}, pattern


def test_no_error_is_cached(distribution: dict[str, Any]) -> None:
    kept = {one["ErrorCode"]: one["ErrorCachingMinTTL"] for one in distribution["CustomErrorResponses"]}

    assert kept == dict.fromkeys(SUPPORTED_ERRORS, 0)


def test_two_cached_paths_are_never_one_at_their_origins(behaviours: list[tuple[str, Behaviour]]) -> None:
    # The cache tells answers apart by the path without its prefix, and not by the origin.
    paths = [pattern for pattern, one in behaviours if cached(one)]
    stripped = {path: re.sub(r"^/api/[^/]+", "", path) for path in paths if path.startswith("/api/")}

    assert len(set(stripped.values())) == len(stripped)
    assert not any(matches(one, path) for one in paths for path in stripped.values())


def test_files_with_a_hash_come_from_the_bucket_which_cloudfront_alone_may_read(
    compiled: dict[str, Compiled], distribution: dict[str, Any], behaviours: list[tuple[str, Behaviour]]
) -> None:
    named = f"/assets/images/lil-bits.{'0f' * 16}.svg"
    found = next(one for pattern, one in behaviours if matches(pattern, named))
    (bucket,) = [one for one in distribution["Origins"] if one["Id"] == found["TargetOriginId"]]

    assert bucket["OriginAccessControlId"] == {"Ref": "ReadsFiles"}
    assert "OriginCustomHeaders" not in bucket
    statements = compiled["web"].resources["AssetsBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    allowed = [one["Principal"] for one in statements if one["Effect"] == "Allow"]
    assert allowed == [{"Service": "cloudfront.amazonaws.com"}]


def test_viewers_and_origins_are_asked_by_tls_alone(
    distribution: dict[str, Any], behaviours: list[tuple[str, Behaviour]]
) -> None:
    assert {one["ViewerProtocolPolicy"] for _, one in behaviours} == {"redirect-to-https"}
    for origin in distribution["Origins"]:
        # To a bucket with an access control, CloudFront speaks TLS as its viewer has.
        if "S3OriginConfig" not in origin:
            assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
            assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]


def test_every_answer_gets_the_security_headers(
    edge: Compiled, behaviours: list[tuple[str, Behaviour]]
) -> None:
    policies = edge.of_type("AWS::CloudFront::ResponseHeadersPolicy")
    for pattern, one in behaviours:
        policy = policies[one["ResponseHeadersPolicyId"]["Ref"]]["ResponseHeadersPolicyConfig"]
        assert policy["SecurityHeadersConfig"].keys() == {
            "StrictTransportSecurity",
            "ContentTypeOptions",
            "ReferrerPolicy",
            "FrameOptions",
        }, pattern
        removed = [item["Header"] for item in policy.get("RemoveHeadersConfig", {"Items": []})["Items"]]
        assert ("x-correlation-id" in removed) == bool(cached(one)), pattern


def test_every_api_accepts_what_the_edge_sends_and_nothing_else(
    compiled: dict[str, Compiled], distribution: dict[str, Any]
) -> None:
    sent = {
        origin["Id"]: [one for one in origin["OriginCustomHeaders"] if one["HeaderName"] == "Referer"]
        for origin in distribution["Origins"]
        if "CustomOriginConfig" in origin
    }
    apis = {
        name: list(stack.of_type("AWS::ApiGateway::RestApi").values()) for name, stack in compiled.items()
    }

    # Not in front of the partners' API, which answers no call without a key.
    del apis["partners"]
    assert sent.keys() == {name for name, found in apis.items() if found}
    for name, found in apis.items():
        for api in found:
            assert sent[name] == [{"HeaderName": "Referer", "HeaderValue": SENT_BY_THE_EDGE}]
            (statement,) = api["Policy"]["Statement"]
            assert statement["Effect"] == "Allow"
            assert statement["Condition"] == {"StringEquals": {"aws:Referer": [SENT_BY_THE_EDGE]}}


def test_a_limit_for_each_address_is_on_orders_and_sign_ups(edge: Compiled) -> None:
    acls = edge.of_type("AWS::WAFv2::WebACL")
    limited = {
        (name, rule["Name"]): rule["Statement"]["RateBasedStatement"]
        for name, acl in acls.items()
        for rule in acl["Rules"]
        if "RateBasedStatement" in rule["Statement"]
    }

    assert limited.keys() == {("WebAcl", "orders"), ("SignUpWebAcl", "sign-ups")}
    for rule in limited.values():
        assert (rule["Limit"], rule["EvaluationWindowSec"], rule["AggregateKeyType"]) == (100, 300, "IP")
    assert (acls["WebAcl"]["Scope"], acls["SignUpWebAcl"]["Scope"]) == ("CLOUDFRONT", "REGIONAL")
    (orders,) = re.findall(r'"RegexString": "([^"]+)"', json.dumps(limited["WebAcl", "orders"]))
    assert re.match(orders, "/api/orders/orders")
    assert not re.match(orders, "/api/orders/orders/one/cancel")


def test_access_logs_hold_nobodys_address_and_no_path(edge: Compiled) -> None:
    (delivery,) = edge.of_type("AWS::Logs::Delivery").values()

    told = re.compile(r"^c-ip|^c-port|x-forwarded-for|cs-uri|cs\(|cookie|header|fle-")
    assert [field for field in delivery["RecordFields"] if told.search(field)] == []


def made_by(file: str, part: str | None = None, **parameters: str) -> Any:
    """Return what a script of the edge adds to the template of `prod`, with parameters."""
    declared = load_mapping(ROOT / "shared-infra" / "params.yml")["default"] | {"edge": "true"} | parameters
    script = """const parameters = JSON.parse(process.argv[2]);
      const variables = { 'sls:stage': 'prod', 'self:provider.region': parameters.region || 'us-east-1' };
      require(process.argv[1])({
        resolveVariable: async (name) => variables[name] ?? parameters[name.replace('param:', '')],
      }).catch((error) => error.message).then((found) => console.log(JSON.stringify(found)));"""
    command = ["node", "-e", script, str(ROOT / "shared-infra" / "edge" / file), json.dumps(declared)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return found[part] if part else found


CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/one"


def test_a_domain_of_the_owner_gets_tls_from_1_2() -> None:
    named = {"edgeDomain": "eat.example.com", "edgeCertificateArn": CERTIFICATE}

    made = made_by("distribution.cjs", "Resources", **named)["Distribution"]["Properties"]

    assert made["DistributionConfig"]["Aliases"] == ["eat.example.com"]
    assert made["DistributionConfig"]["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert made_by("address.cjs", "url", **named) == "https://eat.example.com"


def test_the_domain_gets_address_records_only_in_a_zone_that_is_named() -> None:
    named = {"edgeDomain": "eat.example.com"}

    records = made_by("alias-records.cjs", "Resources", **named, edgeHostedZoneId="Z1")

    assert {one["Properties"]["Type"] for one in records.values()} == {"A", "AAAA"}
    assert made_by("alias-records.cjs", **named) == {}


@pytest.mark.parametrize(
    ("file", "parameters", "reason"),
    [
        ("address.cjs", {"edgeDomain": "eat.example.com"}, "Set both edgeDomain and edgeCertificateArn"),
        (
            "address.cjs",
            {"edgeDomain": "a.example", "edgeCertificateArn": CERTIFICATE.replace("us-east-1", "eu-west-1")},
            "us-east-1 only",
        ),
        ("origin-secrets.cjs", {"edgeOriginSecret": "none"}, "must be a number from 1"),
        ("firewall.cjs", {"region": "eu-west-1"}, "edgeWebAclArn is needed"),
    ],
)
def test_parameters_that_do_not_go_together_are_refused(
    file: str, parameters: dict[str, str], reason: str
) -> None:
    assert reason in made_by(file, **parameters)


def test_in_another_region_the_web_acl_is_one_that_exists_and_nothing_is_logged() -> None:
    elsewhere = {"region": "eu-west-1", "edgeWebAclArn": "arn:aws:wafv2:us-east-1:1:global/webacl/one/1"}

    found = made_by("firewall.cjs", **elsewhere)

    assert found["webAclId"] == elsewhere["edgeWebAclArn"]
    assert found["template"]["Resources"].keys() == {"SignUpWebAcl", "SignUpWebAclAssociation"}
    assert made_by("access-logs.cjs", **elsewhere) == {}


def test_after_a_rotation_apis_accept_the_secret_before_until_the_next_one() -> None:
    found = made_by("origin-secrets.cjs", edgeOriginSecret="2")

    names = {one["Properties"]["Name"] for one in found["template"]["Resources"].values()}
    accepted = found["resourcePolicy"][0]["Condition"]["StringEquals"]["aws:Referer"]
    assert names == {"/edge/prod/origin-1", "/edge/prod/origin-2"}
    assert found["sent"] == accepted[0] == SENT_BY_THE_EDGE.replace("-1", "-2")
    assert accepted[1] == SENT_BY_THE_EDGE


def test_without_an_edge_apis_have_no_policy_and_the_stage_no_secret() -> None:
    found = made_by("origin-secrets.cjs", edge="false")

    assert (found["resourcePolicy"], found["template"]) == ([], {"Resources": {}})
