'use strict';

const { readdirSync, existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { expand } = require('./expand.cjs');
const { branch, branches, parseRepository } = require('./github.cjs');
const { split } = require('./split.cjs');
const { HOST, trust } = require('./trust.cjs');
// The environments of each deployer.
const { deployers: DEPLOYERS } = require('../facts.json');

const ACCOUNT = path.basename(__dirname);
const SERVICES = path.join(__dirname, '..', '..', 'services');
// The service whose files replaced pages still read.
const PAGES = 'web';
const SENDS_TRACES = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const TAKES_PARAMETERS = 'TakesFromOtherStacks';
// What only stages with the stack edge/ need. // only-with-example-services
const OF_THE_EDGE = { actions: /^(cloudfront|secretsmanager|wafv2):|^logs:.*Deliver|WebACL/, resources: /:delivery[-:]/ }; // only-with-example-services
// Deployers whose stages are seeded, and tested under a role of their own.
const TESTED = ['preview', 'main'];
// The stages of each environment, as IAM patterns.
const STAGES = Object.fromEntries(
  Object.values(DEPLOYERS)
    .flat()
    .map((one) => [one, one === 'preview' ? 'preview-*' : one]),
);

/** The account's resources: GitHub's identity provider, and the roles of each deployer that has an environment here. */
module.exports = async ({ resolveVariable }) => {
  const settings = await settingsOf((name) => resolveVariable(`param:${name}`));
  const deployers = Object.entries(DEPLOYERS)
    .map(([name, environments]) => ({ name, environments: environments.filter((one) => settings.environments.includes(one)) }))
    .filter(({ environments }) => environments.length > 0);
  return {
    Conditions: { CreatesProvider: { 'Fn::Equals': [settings.oidcProvider, 'create'] } },
    Resources: Object.assign(
      { GitHubProvider: gitHubProvider() },
      settings.apiGatewayLogs === 'create' ? apiGatewayLogs() : {},
      ...deployers.map((deployer) => rolesOf(deployer, settings)),
    ),
    Outputs: Object.fromEntries(
      deployers
        .flatMap(({ name }) => [`${capital(name)}Deployer`, ...(TESTED.includes(name) ? [`${capital(name)}Tester`] : [])])
        .map((role) => [`${role}Arn`, { Value: attribute(role) }]),
    ),
  };
};

async function settingsOf(parameter) {
  const repository = parseRepository(await parameter('repository'));
  const environments = list(await parameter('environments'));
  const unknown = environments.filter((one) => !STAGES[one]);
  if (unknown.length || !environments.length) {
    throw new Error(`environments must be some of ${Object.keys(STAGES).join(',')}, not "${environments}"`);
  }
  const oidcProvider = await parameter('oidcProvider');
  if (!['create', 'existing'].includes(oidcProvider)) {
    throw new Error(`oidcProvider must be create or existing, not "${oidcProvider}"`);
  }
  const apiGatewayLogs = await parameter('apiGatewayLogs');
  if (!['create', 'existing'].includes(apiGatewayLogs)) {
    throw new Error(`apiGatewayLogs must be create or existing, not "${apiGatewayLogs}"`);
  }
  return {
    repository,
    environments,
    oidcProvider,
    apiGatewayLogs,
    previewBranches: list(await parameter('previewBranches')).map((one) => branches('previewBranches', one)),
    mainBranch: branch('mainBranch', await parameter('mainBranch')),
    partialPreviewsOf: (await parameter('partialPreviews')) === 'true' ? [await parameter('previewBase')] : [],
    edge: (await parameter('edge')) === 'true', // only-with-example-services
    regions: regionsOf(list(await parameter('regions'))),
  };
}

function regionsOf(named) {
  const wrong = named.filter((one) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(one));
  if (wrong.length) throw new Error(`regions must be a list such as eu-central-1,us-east-1, not "${wrong}"`);
  return named.length ? named : ['${AWS::Region}'];
}

// begin only-with-example-services
function withoutEdge(statements) {
  return statements
    .map((statement) => ({ ...statement, Action: statement.Action.filter((one) => !OF_THE_EDGE.actions.test(one)) }))
    .filter(({ Action, Resource }) => Action.length > 0 && !OF_THE_EDGE.resources.test(JSON.stringify(Resource)));
}

// end only-with-example-services
function gitHubProvider() {
  return {
    Type: 'AWS::IAM::OIDCProvider',
    Condition: 'CreatesProvider',
    Properties: { Url: `https://${HOST}`, ClientIdList: ['sts.amazonaws.com'] },
  };
}

/**
 * The role by which API Gateway writes access logs. It is a setting of the account in a region, for all its APIs. Its policy is
 * AWS's own: API Gateway refuses a role without all of these permissions.
 */
function apiGatewayLogs() {
  return {
    ApiGatewayLogsRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'big-mouth-api-gateway-logs',
        Description: 'Lets API Gateway write the access logs of the APIs of this account',
        AssumeRolePolicyDocument: document([
          { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ]),
        ManagedPolicyArns: [
          { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs' },
        ],
      },
    },
    ApiGatewayAccount: {
      Type: 'AWS::ApiGateway::Account',
      Properties: { CloudWatchRoleArn: attribute('ApiGatewayLogsRole') },
    },
  };
}

function rolesOf({ name, environments }, settings) {
  const names = namesOf(name, environments, settings);
  const stages = names.stage.join(', ');
  const policy = (file) => statements(file, names);
  const id = capital(name);
  let granted = policy('execution-policy.json');
  if (!settings.edge) granted = withoutEdge(granted); // only-with-example-services
  const isTested = TESTED.includes(name);
  return {
    ...Object.fromEntries(environments.flatMap((environment) => boundaries(name, environment, settings))),
    ...roleWith(`big-mouth-${name}-cloudformation`, `${id}CloudFormation`, `${id}Execution`, granted, {
      Description: `What CloudFormation may do for the stages ${stages} of Big Mouth`,
      AssumeRolePolicyDocument: document([
        { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]),
    }),
    ...roleWith(
      `big-mouth-${name}-deployer`,
      `${id}Deployer`,
      `${id}Deployment`,
      [
        ...policy('policies/deployer.json'),
        // The creator of a change set reads the SSM parameters of its template.
        ...granted.filter(({ Sid }) => Sid === TAKES_PARAMETERS),
        ...policy('policies/configurer.json'),
        ...(isTested ? policy('policies/seeder.json') : []),
        ...(isTested ? policy('policies/staff-seeder.json') : []), // only-with-example-services
        // Only previews have a base stage, and only they are removed. Other stages have releases.
        ...(name === 'preview'
          ? [...policy('policies/base.json'), ...policy('policies/removal.json')]
          : policy('policies/releases.json')),
      ],
      {
        Description: `Deploys the stages ${stages} of Big Mouth from ${settings.repository.fullName}`,
        AssumeRolePolicyDocument: document(trust('deployer', name, environments, settings)),
      },
    ),
    ...(isTested ? testerOf({ name, environments }, settings) : {}),
  };
}

/**
 * The role of the suite. It also runs handlers itself, so it may do what any function may. Parts of a partial preview, its
 * users included, are in the base stage, so it may do the same there.
 */
function testerOf({ name, environments }, settings) {
  const names = namesOf(name, environments, settings);
  const tested = { ...names, stage: names.readable };
  return roleWith(
    `big-mouth-${name}-tester`,
    `${capital(name)}Tester`,
    `${capital(name)}Testing`,
    [
      ...statements('policies/tester.json', tested),
      // Logs are shipped by services of AWS, not by functions.
      ...statements('policies/boundary.json', tested).filter(({ Sid }) => !Sid.startsWith('ShipsLogs')),
    ],
    {
      Description: `Tests the stages ${names.stage.join(', ')} of Big Mouth`,
      AssumeRolePolicyDocument: document(trust('tester', name, environments, settings)),
    },
  );
}

/** A role and its managed policies. Inline policies could hold fewer statements. */
function roleWith(roleName, id, policyId, allowed, properties) {
  const policies = split(allowed).map((share, part) => [
    `${policyId}${part + 1}`,
    managedPolicy(`${roleName}-${part + 1}`, share),
  ]);
  const ManagedPolicyArns = policies.map(([policy]) => ({ Ref: policy }));
  return {
    ...Object.fromEntries(policies),
    [id]: { Type: 'AWS::IAM::Role', Properties: { RoleName: roleName, ...properties, ManagedPolicyArns } },
  };
}

/**
 * The permissions boundaries of an environment: that of functions' roles, and where functions are released, that of the roles of
 * CodeDeploy. A role has only one, so they are short, without names of statements.
 */
function boundaries(deployer, environment, settings) {
  const isPreview = environment === 'preview';
  const kinds = isPreview ? ['boundary'] : ['boundary', 'releases-boundary'];
  return kinds.map((kind) => {
    // Opt-in stacks have no functions.
    const names = { ...namesOf(deployer, [environment], settings), service: ['shared-infra', ...stacksIn(SERVICES)] };
    const named = statements(`policies/${kind}.json`, names);
    // Previews are not traced.
    if (!isPreview) named.find(({ Sid }) => Sid === 'OnAllOrNone').Action.push(...SENDS_TRACES);
    const id = [environment, ...kind.split('-')].map(capital).join('');
    return [id, managedPolicy(`big-mouth-${environment}-${kind}`, named.map(({ Sid, ...statement }) => statement))];
  });
}

function namesOf(deployer, environments, { partialPreviewsOf, regions }) {
  const stage = environments.map((one) => STAGES[one]);
  const { Routes, Tables } = policyOf('execution-policy.json');
  return {
    deployer: [deployer],
    environment: environments,
    service: services(),
    stage,
    readable: [...stage, ...(deployer === 'preview' ? partialPreviewsOf : [])],
    route: Routes,
    table: Tables,
    pages: stacksIn(SERVICES).filter((one) => one === PAGES),
    regions,
  };
}

function statements(file, names) {
  return expand(policyOf(file).Statement, names);
}

function policyOf(file) {
  return JSON.parse(readFileSync(path.join(__dirname, file), 'utf8'));
}

function services() {
  // Of shared-infra's folders: the opt-in stacks.
  return ['shared-infra', ...stacksIn(SERVICES), ...stacksIn(path.join(__dirname, '..')).filter((name) => name !== ACCOUNT)];
}

function stacksIn(folder) {
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'serverless.yml')))
    .sort();
}

function managedPolicy(name, allowed) {
  return { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: name, PolicyDocument: document(allowed) } };
}

function document(allowed) {
  return { Version: '2012-10-17', Statement: allowed };
}

function attribute(id) {
  return { 'Fn::GetAtt': [id, 'Arn'] };
}

function capital(name) {
  return name[0].toUpperCase() + name.slice(1);
}

function list(text) {
  return String(text)
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
}
