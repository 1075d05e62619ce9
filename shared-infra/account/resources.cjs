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
    previewBase: await parameter('previewBase'),
    partialPreviews: (await parameter('partialPreviews')) === 'true',
  };
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
  const stages = names.stage;
  const policy = (file) => statements(file, names);
  const id = capital(name);
  const granted = policy('execution-policy.json');
  const execution = split(granted);
  // Who makes a change set reads the parameters that its template takes.
  const deployment = [...policy('policies/deployer.json'), ...granted.filter(({ Sid }) => Sid === TAKES_PARAMETERS)];
  const isTested = TESTED.includes(name);
  const further = split([
    ...policy('policies/configurer.json'),
    ...(isTested ? policy('policies/seeder.json') : []),
    // Only previews are built on another stage, and ever taken down.
    ...(name === 'preview' ? [...policy('policies/base.json'), ...policy('policies/removal.json')] : []),
  ]).filter((share) => share.length > 0);
  return {
    ...Object.fromEntries(environments.map((environment) => boundary(name, environment, settings))),
    ...Object.fromEntries(
      execution.map((share, part) => [
        `${id}Execution${part + 1}`,
        managedPolicy(`big-mouth-${name}-cloudformation-${part + 1}`, share),
      ]),
    ),
    ...Object.fromEntries(
      further.map((share, part) => [`${id}Further${part + 1}`, managedPolicy(`big-mouth-${name}-further-${part + 1}`, share)]),
    ),
    [`${id}CloudFormation`]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: `big-mouth-${name}-cloudformation`,
        Description: `What CloudFormation may do for the stages ${stages.join(', ')} of Big Mouth`,
        AssumeRolePolicyDocument: document([
          { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ]),
        ManagedPolicyArns: execution.map((_, part) => ({ Ref: `${id}Execution${part + 1}` })),
      },
    },
    [`${id}Deployer`]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: `big-mouth-${name}-deployer`,
        Description: `Deploys the stages ${stages.join(', ')} of Big Mouth from ${settings.repository.fullName}`,
        AssumeRolePolicyDocument: document(trust('deployer', name, environments, settings)),
        Policies: [{ PolicyName: 'deploy', PolicyDocument: document(deployment) }],
        ManagedPolicyArns: further.map((_, part) => ({ Ref: `${id}Further${part + 1}` })),
      },
    },
    ...(isTested ? testerOf({ name, environments }, settings) : {}),
  };
}

/**
 * The role that the suite runs under. It runs handlers itself, too, so it may do what any function may. Of a partial preview
 * a part is the base stage's, users among it, so there it may do the same on that one.
 */
function testerOf({ name, environments }, settings) {
  const id = capital(name);
  const names = namesOf(name, environments, settings);
  const tested = settings.partialPreviews ? { ...names, stage: names.readable } : names;
  const shares = split([...statements('policies/tester.json', tested), ...statements('policies/boundary.json', tested)]);
  return {
    ...Object.fromEntries(
      shares.map((share, part) => [`${id}Testing${part + 1}`, managedPolicy(`big-mouth-${name}-testing-${part + 1}`, share)]),
    ),
    [`${id}Tester`]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: `big-mouth-${name}-tester`,
        Description: `Tests the stages ${environments.map((one) => STAGES[one]).join(', ')} of Big Mouth`,
        AssumeRolePolicyDocument: document(trust('tester', name, environments, settings)),
        ManagedPolicyArns: shares.map((_, part) => ({ Ref: `${id}Testing${part + 1}` })),
      },
    },
  };
}

/** The most that any role of an environment's stacks can do. IAM takes but one such policy for a role, so it is short. */
function boundary(deployer, environment, settings) {
  const allowed = statements('policies/boundary.json', namesOf(deployer, [environment], settings));
  return [`${capital(environment)}Boundary`, managedPolicy(`big-mouth-${environment}-boundary`, allowed)];
}

function namesOf(deployer, environments, { previewBase }) {
  const stages = environments.map((one) => STAGES[one]);
  const readable = deployer === 'preview' && previewBase !== 'none' ? [...stages, previewBase] : stages;
  return { deployer: [deployer], environment: environments, service: services(), stage: stages, readable };
}

function statements(file, names) {
  return expand(JSON.parse(readFileSync(path.join(__dirname, file), 'utf8')).Statement, names);
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
