'use strict';

const ALARM_TYPES = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'];
// CodeDeploy's limit: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
const MAX_ALARMS = 10;

/**
 * Makes what CodeDeploy needs to move the aliases of a service: an application, a deployment group for each function, and the
 * role in whose name it acts.
 *
 * An alarm stops and rolls back the releases of the functions that it names in `Metadata: {RollsBack: [function, …]}`.
 */
function releaseResources({ prefix, functions, hookIds, permissionsBoundary, resources }) {
  const alarmsOf = alarmsByFunction(resources, functions.map(({ name }) => name));
  if (!functions.length) return {};
  return {
    DeploymentApplication: {
      Type: 'AWS::CodeDeploy::Application',
      Properties: { ApplicationName: prefix, ComputePlatform: 'Lambda' },
    },
    DeploymentRole: deploymentRole(prefix, hookIds, permissionsBoundary),
    ...Object.fromEntries(functions.map(({ name, ...lambda }) => [lambda.groupId, deploymentGroup(lambda, alarmsOf[name])])),
  };
}

function alarmsByFunction(resources, names) {
  const alarms = Object.fromEntries(names.map((name) => [name, []]));
  for (const [id, { Type, Metadata }] of Object.entries(resources)) {
    if (!ALARM_TYPES.includes(Type)) continue;
    for (const name of Metadata?.RollsBack ?? []) {
      if (!alarms[name]) throw new Error(`The alarm ${id} rolls back "${name}", which is not a released function.`);
      alarms[name].push(id);
    }
  }
  const [crowded] = names.filter((name) => alarms[name].length > MAX_ALARMS);
  if (crowded) {
    throw new Error(`${alarms[crowded].length} alarms roll back ${crowded}; CodeDeploy allows ${MAX_ALARMS}. Use a composite alarm.`);
  }
  return alarms;
}

function deploymentGroup({ fullName, shift }, alarms) {
  return {
    Type: 'AWS::CodeDeploy::DeploymentGroup',
    Properties: {
      ApplicationName: { Ref: 'DeploymentApplication' },
      DeploymentGroupName: fullName,
      ServiceRoleArn: { 'Fn::GetAtt': ['DeploymentRole', 'Arn'] },
      DeploymentConfigName: `CodeDeployDefault.Lambda${shift}`,
      DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
      ...(alarms.length && { AlarmConfiguration: { Enabled: true, Alarms: alarms.map((id) => ({ Name: { Ref: id } })) } }),
    },
  };
}

/**
 * The role of CodeDeploy, with what AWS documents for Lambda (AWSCodeDeployRoleForLambdaLimited), on this service's functions. No
 * revision is read from S3, since CloudFormation passes it in the call.
 */
function deploymentRole(prefix, hookIds, permissionsBoundary) {
  const statements = [
    {
      Effect: 'Allow',
      Action: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
      Resource: { 'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${prefix}-*` },
    },
    // CloudWatch describes composite alarms only to those who may describe all.
    { Effect: 'Allow', Action: ['cloudwatch:DescribeAlarms'], Resource: '*' },
    ...(hookIds.length
      ? [{ Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: hookIds.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })) }]
      : []),
  ];
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: `${prefix}-deployments`,
      ...(permissionsBoundary && { PermissionsBoundary: permissionsBoundary }),
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'codedeploy.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: 'deployments', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
    },
  };
}

module.exports = { releaseResources };
