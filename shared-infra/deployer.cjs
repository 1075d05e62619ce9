'use strict';

const DEPLOYERS = ['preview', 'main', 'prod'];
const PERMANENT_STAGES = ['dev', 'staging', 'prod'];

/**
 * What a deployment under one of the roles of `account/` needs, as the stage parameter `deployer` names it
 * (`--param="deployer=preview"`). Without it nothing is set, and stacks are deployed with the caller's own permissions.
 *
 * - `iam.deploymentRole`: the role that CloudFormation takes on for the stack.
 * - `permissionsBoundary`: what every role of the stack carries.
 */
module.exports = async ({ resolveVariable }) => {
  const deployer = await resolveVariable('param:deployer');
  if (!deployer) return { iam: {}, permissionsBoundary: '' };
  if (!DEPLOYERS.includes(deployer)) {
    throw new Error(`There is no deployer "${deployer}". There are: ${DEPLOYERS.join(', ')}`);
  }
  const stage = await resolveVariable('sls:stage');
  const environment = PERMANENT_STAGES.includes(stage) ? stage : 'preview';
  const partition = partitionOf(await resolveVariable('self:provider.region'));
  const account = await resolveVariable('aws:accountId');
  return {
    // CloudFormation's API takes it before there is a template in which a pseudo parameter could stand.
    iam: { deploymentRole: `arn:${partition}:iam::${account}:role/big-mouth-${deployer}-cloudformation` },
    permissionsBoundary: `arn:${partition}:iam::${account}:policy/big-mouth-${environment}-boundary`,
  };
};

function partitionOf(region) {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
