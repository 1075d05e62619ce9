'use strict';

const AUDIENCE = 'sts.amazonaws.com';

/**
 * Who may take a deployer's role on: workflows of one repository, by the audience and the subject of their token.
 *
 * A job that names a GitHub environment has that in its subject, and any other its branch or `pull_request`.
 */
function trust(deployer, environments, { repository, previewBranches, mainBranch }, host) {
  const subjects = {
    preview: () => [...previewBranches.map((branch) => `ref:refs/heads/${branch}`), 'pull_request'],
    main: () => [`ref:refs/heads/${mainBranch}`, ...environments.map((one) => `environment:${one}`)],
    prod: () => ['environment:prod'],
  }[deployer]().map((subject) => `repo:${repository}:${subject}`);
  // Only patterns need the operator that reads them.
  const operator = subjects.some((subject) => subject.includes('*')) ? 'StringLike' : 'StringEquals';
  const conditions = { StringEquals: { [`${host}:aud`]: AUDIENCE } };
  conditions[operator] = { ...conditions[operator], [`${host}:sub`]: subjects };
  return {
    Effect: 'Allow',
    Principal: { Federated: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/${host}` } },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: conditions,
  };
}

module.exports = { trust };
