'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');

/**
 * The functions that CodeDeploy calls before a new version of the service's functions gets traffic, and after it has all of it:
 * `check_release` and `check_traffic` of the service's module `release_checks`, if it has one. Without an API there is no traffic
 * to check.
 *
 * @returns {Record<string, object>} functions as they stand in serverless.yml
 */
function hookFunctions({ serviceDir, service, stage, serviceUrl, hasApi, edge }) {
  const module = service.replaceAll('-', '_');
  if (!existsSync(path.join(serviceDir, module, 'release_checks.py'))) return {};
  const hook = (name, statements, environment = {}) => ({
    name: `${service}-${stage}-${name}`,
    handler: `${module}.release_checks.${name.replace('-', '_')}`,
    memorySize: 256,
    // It invokes new versions, which start cold, one after another.
    timeout: 120,
    events: [],
    environment,
    iamRoleStatements: [
      ...statements,
      // CodeDeploy's actions name no resource, so a policy cannot restrict them.
      { Effect: 'Allow', Action: ['codedeploy:PutLifecycleEventHookExecutionStatus'], Resource: '*' },
    ],
  });
  const functions = `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${service}-${stage}-*`;
  return {
    'check-release': hook('check-release', [
      { Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: { 'Fn::Sub': functions } },
      {
        Effect: 'Allow',
        // Which version of which function is it?
        Action: ['codedeploy:ListDeploymentTargets', 'codedeploy:BatchGetDeploymentTargets'],
        Resource: '*',
      },
    ]),
    ...(hasApi && {
      'check-traffic': hook('check-traffic', [], { SERVICE_URL: { 'Fn::Sub': serviceUrl }, BEHIND_EDGE: String(edge) }),
    }),
  };
}

module.exports = { hookFunctions };
