'use strict';

const { execFile } = require('node:child_process');
const { mkdtemp, rm } = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');

const { readTree } = require('./archive.cjs');

const run = promisify(execFile);
const WITH_BOTOCORE = path.join(__dirname, '..', '..', '.bigmouth', 'emulator-venv', 'bin', 'python');
// Services whose name in botocore differs from their IAM namespace.
const NAMES = { 'execute-api': 'apigatewaymanagementapi', states: 'stepfunctions' };
const POLICIES = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];
// Their models are large, and their permissions are called as their operations are; other services' are not always.
const BY_OPERATION = ['codedeploy', 'lambda', 's3', 'ssm'];
const OPERATIONS = { InvokeFunction: 'Invoke', ListBucket: 'ListObjectsV2' };
// Other services use keys on a function's behalf: no function calls KMS itself.
const NEVER_CALLED = 'kms';

/**
 * Finds the AWS services that functions have permissions for: by their own statements, and by policies that a template
 * attaches to their roles.
 *
 * @param {object} functions as they stand in serverless.yml
 * @param {object} resources the template's own, by their logical ids
 * @returns {string[]} botocore's names of them; of some with the operations, such as `ssm=GetParameter`
 */
function awsServices(functions, resources) {
  const policies = Object.values(resources ?? {}).filter(({ Type }) => POLICIES.includes(Type));
  const statements = [
    ...Object.values(functions ?? {}).flatMap((lambda) => lambda.iamRoleStatements ?? []),
    ...policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement),
  ];
  const actions = [...new Set(statements.flatMap(({ Action }) => Action ?? []))].sort().map((action) => action.split(':'));
  const described = Object.fromEntries(
    BY_OPERATION.map((service) => {
      const own = actions.filter(([name]) => name === service).map(([, action]) => OPERATIONS[action] ?? action);
      return [service, own.join().includes('*') ? service : `${service}=${own.join()}`];
    }),
  );
  const called = actions.map(([service]) => service).filter((service) => service !== NEVER_CALLED);
  return [...new Set(called.map((service) => NAMES[service] ?? described[service] ?? service))].sort();
}

/** @returns {Promise<Record<string, Uint8Array>>} what botocore needs to know of services, by the names in the package. */
async function modelsOf(services) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bigmouth-models-'));
  try {
    await run(WITH_BOTOCORE, ['-I', path.join(__dirname, 'aws_models.py'), folder, ...services]);
    return await readTree(folder, 'aws_models/');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

module.exports = { awsServices, modelsOf };
