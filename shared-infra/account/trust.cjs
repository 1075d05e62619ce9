'use strict';

const HOST = 'token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';
// The files of the jobs that assume a role. A token names the file of its job, not that of the calling workflow.
const WORKFLOWS = { deployer: ['deploy-stage.yml'], tester: ['test-stage.yml'] };
// They run on the default branch for previews of any branch: by schedule, by hand, and after a branch was deleted.
const CLEAN_UP = ['remove-stage.yml', 'reap-stages.yml'];

/**
 * Who may assume a role: workflows of one repository, by the claims of GitHub's token that STS knows.
 *
 * The subject of a job with a GitHub environment names no branch, so `main` and `prod` also check the branch and the
 * workflow's file on it. A branch's code decides what its workflows are, so for previews neither would prove anything. With
 * ids, a repository that takes the name later gets no role.
 */
function trust(role, deployer, environments, { repository, previewBranches, mainBranch }) {
  const mainRef = `refs/heads/${mainBranch}`;
  const subjects = (...ends) => ({ sub: ends.map((end) => `repo:${repository.subject}:${end}`) });
  const onMain = (files) => ({
    ref: mainRef,
    job_workflow_ref: files.map((file) => `${repository.fullName}/.github/workflows/${file}@${mainRef}`),
  });
  const claims = {
    preview: () => [
      subjects(...previewBranches.map((branch) => `ref:refs/heads/${branch}`), 'pull_request'),
      ...(role === 'deployer' ? [{ ...subjects(`ref:${mainRef}`), ...onMain(CLEAN_UP) }] : []),
    ],
    main: () => [{ ...subjects(`ref:${mainRef}`, ...environments.map((one) => `environment:${one}`)), ...onMain(WORKFLOWS[role]) }],
    prod: () => [{ ...subjects('environment:prod'), ...onMain(WORKFLOWS[role]) }],
  }[deployer]();
  return claims.map((one) => statement({ aud: AUDIENCE, ...(repository.id && { repository_id: repository.id }), ...one }));
}

function statement({ sub, ...exact }) {
  // Only patterns need StringLike.
  const operator = sub.some((subject) => subject.includes('*')) ? 'StringLike' : 'StringEquals';
  const condition = { StringEquals: keys(exact) };
  condition[operator] = { ...condition[operator], ...keys({ sub }) };
  return {
    Effect: 'Allow',
    Principal: { Federated: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/${HOST}` } },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: condition,
  };
}

function keys(claims) {
  return Object.fromEntries(Object.entries(claims).map(([claim, value]) => [`${HOST}:${claim}`, value]));
}

module.exports = { HOST, trust };
