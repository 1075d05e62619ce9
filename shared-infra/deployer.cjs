'use strict';

const { deployers } = require('./facts.json');

const ENVIRONMENTS = Object.values(deployers).flat();

/**
 * Settings for a deployment under a role of `account/`, chosen by the stage parameter `deployer`
 * (`--param="deployer=preview"`). Without it nothing is set, and stacks are deployed with the caller's permissions.
 *
 * - `iam.deploymentRole`: the role that CloudFormation assumes for the stack.
 * - `permissionsBoundary`: the boundary of every role of the stack, but that of CodeDeploy.
 * - `releasesBoundary`: the boundary of that one.
 */
module.exports = async ({ resolveVariable }) => {
  const deployer = await resolveVariable('param:deployer');
  if (!deployer) return { iam: {}, permissionsBoundary: '', releasesBoundary: '' };
  if (!deployers[deployer]) {
    throw new Error(`Unknown deployer "${deployer}". Use one of: ${Object.keys(deployers).join(', ')}`);
  }
  const stage = await resolveVariable('sls:stage');
  const environment = ENVIRONMENTS.includes(stage) ? stage : 'preview';
  const partition = partitionOf(await resolveVariable('self:provider.region'));
  const account = await resolveVariable('aws:accountId');
  const boundary = (kind) => `arn:${partition}:iam::${account}:policy/big-mouth-${environment}-${kind}`;
  return {
    // CloudFormation's API needs it before a template with pseudo parameters exists.
    iam: { deploymentRole: `arn:${partition}:iam::${account}:role/big-mouth-${deployer}-cloudformation` },
    permissionsBoundary: boundary('boundary'),
    releasesBoundary: boundary('releases-boundary'),
  };
};

function partitionOf(region) {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
