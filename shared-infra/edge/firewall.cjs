'use strict';

const GLOBAL_REGION = 'us-east-1';
const WINDOW_SECONDS = 300;
// Its limit of 8 KB for a body, 16 KB at CloudFront, is counted only: APIs have their own, and answer 413.
const COUNTED = { AWSManagedRulesCommonRuleSet: ['SizeRestrictions_BODY'] };
const MANAGED = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet', 'AWSManagedRulesCommonRuleSet'];

// As APIs answer, with the time after which the count has begun again. Cognito sends its own refusal.
const TOO_MANY = {
  CustomResponse: { ResponseCode: 429, ResponseHeaders: [{ Name: 'Retry-After', Value: String(WINDOW_SECONDS) }] },
};

/**
 * The web ACLs: that of the distribution, and that of the user pool, where pages sign up without passing the distribution.
 *
 * AWS WAF keeps ACLs for CloudFront in us-east-1 alone. A stack of another region cannot make one, so it takes the ARN of one
 * that exists (`edgeWebAclArn`).
 */
module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const region = await resolveVariable('self:provider.region');
  const given = String(await resolveVariable('param:edgeWebAclArn'));
  const limit = Number(await resolveVariable('param:edgeRequestsPerAddress'));
  if (!given && region !== GLOBAL_REGION) {
    throw new Error(`edgeWebAclArn is needed: a stack in ${region} cannot make a web ACL for CloudFront (edge/README.md)`);
  }
  const own = webAcl(`edge-${stage}`, 'CLOUDFRONT', [...MANAGED.map(managed), rate('orders', limit, isOrder(), TOO_MANY)]);
  const signUps = webAcl(`edge-${stage}-sign-up`, 'REGIONAL', [
    managed('AWSManagedRulesAmazonIpReputationList'),
    rate('sign-ups', limit, isSignUp()),
  ]);
  return {
    webAclId: given || { 'Fn::GetAtt': ['WebAcl', 'Arn'] },
    template: {
      Resources: {
        ...(given ? {} : { WebAcl: own }),
        SignUpWebAcl: signUps,
        SignUpWebAclAssociation: {
          Type: 'AWS::WAFv2::WebACLAssociation',
          Properties: { ResourceArn: { Ref: 'UserPoolArn' }, WebACLArn: { 'Fn::GetAtt': ['SignUpWebAcl', 'Arn'] } },
        },
      },
    },
  };
};

function webAcl(name, scope, rules) {
  return {
    Type: 'AWS::WAFv2::WebACL',
    Properties: {
      Name: name,
      Scope: scope,
      DefaultAction: { Allow: {} },
      Rules: rules.map((rule, Priority) => ({ ...rule, Priority })),
      VisibilityConfig: visibility(name),
    },
  };
}

function managed(name) {
  const RuleActionOverrides = (COUNTED[name] ?? []).map((rule) => ({ Name: rule, ActionToUse: { Count: {} } }));
  return {
    Name: name,
    OverrideAction: { None: {} },
    Statement: {
      ManagedRuleGroupStatement: {
        VendorName: 'AWS',
        Name: name,
        ...(RuleActionOverrides.length ? { RuleActionOverrides } : {}),
      },
    },
    VisibilityConfig: visibility(name),
  };
}

function rate(name, limit, scope, answer = {}) {
  return {
    Name: name,
    Action: { Block: answer },
    Statement: {
      RateBasedStatement: {
        Limit: limit,
        EvaluationWindowSec: WINDOW_SECONDS,
        AggregateKeyType: 'IP',
        ScopeDownStatement: scope,
      },
    },
    VisibilityConfig: visibility(name),
  };
}

/** Whatever way the path is written: API Gateway understands them all. */
function isOrder() {
  const path = {
    RegexMatchStatement: {
      FieldToMatch: { UriPath: {} },
      RegexString: '^/api/orders/orders/?$',
      TextTransformations: [
        { Priority: 0, Type: 'URL_DECODE' },
        { Priority: 1, Type: 'NORMALIZE_PATH' },
      ],
    },
  };
  return { AndStatement: { Statements: [is({ Method: {} }, 'POST'), path] } };
}

/** Cognito hides what a request holds from WAF, but says which of its operations is called. */
function isSignUp() {
  return is({ SingleHeader: { Name: 'x-amzn-cognito-operation-name' } }, 'SignUp');
}

function is(FieldToMatch, SearchString) {
  return {
    ByteMatchStatement: {
      FieldToMatch,
      PositionalConstraint: 'EXACTLY',
      SearchString,
      TextTransformations: [{ Priority: 0, Type: 'NONE' }],
    },
  };
}

function visibility(MetricName) {
  return { CloudWatchMetricsEnabled: true, MetricName, SampledRequestsEnabled: true };
}
