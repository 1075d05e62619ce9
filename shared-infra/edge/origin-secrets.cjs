'use strict';

/**
 * How APIs know the edge: by a secret that it sends as the header `Referer`, which a resource policy can ask for.
 *
 * CloudFormation makes the secret, and resolves what refers to it, so it is in no template. APIs accept the one before too, as
 * they and the edge are not deployed at the same moment. The parameter `edgeOriginSecret` counts the secrets.
 *
 * - `template`: the secrets, in the stack that is deployed first.
 * - `resourcePolicy`: the statements for every API; none on stages without an edge. A call that IAM authorizes, as between
 *   services, needs no statement, since both are in one account.
 * - `sent`: what the edge sends.
 */
module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const number = Number(await resolveVariable('param:edgeOriginSecret'));
  if (!Number.isInteger(number) || number < 1) throw new Error(`edgeOriginSecret must be a number from 1, not "${number}"`);
  const accepted = number === 1 ? [1] : [number, number - 1];
  const hasEdge = String(await resolveVariable('param:edge')) === 'true';
  return {
    template: { Resources: hasEdge ? Object.fromEntries(accepted.map((one) => [`EdgeOriginSecret${one}`, secret(stage, one)])) : {} },
    resourcePolicy: hasEdge ? [fromTheEdge(accepted.map((one) => reference(stage, one)))] : [],
    sent: reference(stage, number),
  };
};

function secret(stage, number) {
  return {
    Type: 'AWS::SecretsManager::Secret',
    Properties: {
      Name: nameOf(stage, number),
      Description: 'The edge sends it to APIs, which refuse others',
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    },
  };
}

function fromTheEdge(secrets) {
  return {
    Effect: 'Allow',
    Principal: '*',
    Action: 'execute-api:Invoke',
    Resource: 'execute-api:/*',
    Condition: { StringEquals: { 'aws:Referer': secrets } },
  };
}

function reference(stage, number) {
  return `{{resolve:secretsmanager:${nameOf(stage, number)}:SecretString}}`;
}

function nameOf(stage, number) {
  return `/edge/${stage}/origin-${number}`;
}
