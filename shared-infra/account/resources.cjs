'use strict';

const { readdirSync, existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { expand } = require('./expand.cjs');
const { branch, branches, parseRepository } = require('./github.cjs');
const { split } = require('./split.cjs');
const { HOST, trust } = require('./trust.cjs');

const SERVICES = path.join(__dirname, '..', '..', 'services');
const TAKES_PARAMETERS = 'TakesFromOtherStacks';
// Which environments each deployer serves, and the stages that an environment is, as patterns of IAM.
const DEPLOYERS = { preview: ['preview'], main: ['dev', 'staging'], prod: ['prod'] };
// Those whose stages get made-up data, and are tested under a role of their own.
const TESTED = ['preview', 'main'];
const STAGES = { preview: 'preview-*', dev: 'dev', staging: 'staging', prod: 'prod' };

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
    throw new Error(`environments should be some of ${Object.keys(STAGES).join(',')}, not "${environments}"`);
  }
  const oidcProvider = await parameter('oidcProvider');
  if (!['create', 'existing'].includes(oidcProvider)) {
    throw new Error(`oidcProvider should be create or existing, not "${oidcProvider}"`);
  }
  return {
    repository,
    environments,
    oidcProvider,
    previewBranches: list(await parameter('previewBranches')).map((one) => branches('previewBranches', one)),
    mainBranch: branch('mainBranch', await parameter('mainBranch')),
    partialPreviewsOf: (await parameter('partialPreviews')) === 'true' ? [await parameter('previewBase')] : [],
    regions: regionsOf(list(await parameter('regions'))),
  };
}

function regionsOf(named) {
  const wrong = named.filter((one) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(one));
  if (wrong.length) throw new Error(`regions should be some such as eu-central-1,us-east-1, not "${wrong}"`);
  return named.length ? named : ['${AWS::Region}'];
}

function gitHubProvider() {
  return {
    Type: 'AWS::IAM::OIDCProvider',
    Condition: 'CreatesProvider',
    Properties: { Url: `https://${HOST}`, ClientIdList: ['sts.amazonaws.com'] },
  };
}

function rolesOf({ name, environments }, settings) {
  const names = namesOf(name, environments, settings);
  const stages = names.stage.join(', ');
  const policy = (file) => statements(file, names);
  const id = capital(name);
  const granted = policy('execution-policy.json');
  const isTested = TESTED.includes(name);
  return {
    ...Object.fromEntries(environments.map((environment) => boundary(name, environment, settings))),
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
        // Who makes a change set reads the parameters that its template takes.
        ...granted.filter(({ Sid }) => Sid === TAKES_PARAMETERS),
        ...policy('policies/configurer.json'),
        ...(isTested ? policy('policies/seeder.json') : []),
        // Only previews are built on another stage, and ever taken down.
        ...(name === 'preview' ? [...policy('policies/base.json'), ...policy('policies/removal.json')] : []),
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
 * The role that the suite runs under. It runs handlers itself, too, so it may do what any function may. Of a partial preview
 * a part is the base stage's, users among it, so there it may do the same on that one.
 */
function testerOf({ name, environments }, settings) {
  const names = namesOf(name, environments, settings);
  const tested = { ...names, stage: names.readable };
  return roleWith(
    `big-mouth-${name}-tester`,
    `${capital(name)}Tester`,
    `${capital(name)}Testing`,
    [...statements('policies/tester.json', tested), ...statements('policies/boundary.json', tested)],
    {
      Description: `Tests the stages ${names.stage.join(', ')} of Big Mouth`,
      AssumeRolePolicyDocument: document(trust('tester', name, environments, settings)),
    },
  );
}

/** A role, and the policies that its statements take. A role's own policies could hold fewer. */
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

/** The most that any role of an environment's stacks can do. IAM takes but one such policy for a role, so it is short. */
function boundary(deployer, environment, settings) {
  const allowed = statements('policies/boundary.json', namesOf(deployer, [environment], settings));
  return [`${capital(environment)}Boundary`, managedPolicy(`big-mouth-${environment}-boundary`, allowed)];
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
  const found = readdirSync(SERVICES).filter((name) => existsSync(path.join(SERVICES, name, 'serverless.yml')));
  return ['shared-infra', ...found.sort()];
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
