'use strict';

const path = require('node:path');

const { loopbackHosts } = require('./facts.json');

const EMULATOR_PYTHON = path.join(__dirname, '..', '.bigmouth', 'emulator-venv', 'bin', 'python');
const TOOLS_PYTHON = path.join(__dirname, '..', '.venv', 'bin', 'python');
// As in the names of the SDK's variables.
const BEHIND_FAULT_PROXY = ['DYNAMODB', 'EVENTBRIDGE', 'SNS', 'SQS', 'SSM'];

/**
 * The stage's target: AWS, or the emulator on this machine. It is the emulator when the SDK's variable AWS_ENDPOINT_URL
 * points at this machine, and for the stage `local`.
 */
module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const endpoint = process.env.AWS_ENDPOINT_URL || `http://127.0.0.1:${process.env.BIGMOUTH_PORT || 4566}`;
  const faultProxyUrl = stage === 'faults' ? await resolveVariable('param:faultProxyUrl') : '';
  return { ...(isEmulator(stage) ? emulator(endpoint, stage) : aws(stage)), lambdaEndpoints: lambdaEndpoints(faultProxyUrl) };
};

module.exports.isEmulator = isEmulator;

function isEmulator(stage) {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  // A URL has an IPv6 address in brackets.
  return endpoint ? loopbackHosts.includes(new URL(endpoint).hostname.replace(/[[\]]/g, '')) : stage === 'local';
}

/** Variables by which the SDK in a Lambda calls these services through the fault proxy; none without its URL. */
function lambdaEndpoints(url) {
  return url ? Object.fromEntries(BEHIND_FAULT_PROXY.map((service) => [`AWS_ENDPOINT_URL_${service}`, url])) : {};
}

function emulator(endpoint, stage) {
  return {
    // The emulator runs Lambdas in its own interpreter, whatever runtime and architecture they declare.
    pipArguments: [`--python ${fromHere(EMULATOR_PYTHON)}`, ...everywhere],
    interpreter: EMULATOR_PYTHON,
    // The policy that denies requests without TLS would block the deployment: the emulator uses plain HTTP.
    skipDeploymentBucketPolicy: true,
    serviceUrl: `${endpoint}/_aws/execute-api/\${ApiGatewayRestApi}/${stage}`,
    liveUrl: `${endpoint.replace(/^http/, 'ws')}/_aws/execute-api/\${LiveApi}/${stage}`,
    liveConnectionsUrl: `${endpoint}/_aws/execute-api/\${LiveApi}/${stage}`,
    cognitoEndpoint: endpoint,
  };
}

function aws(stage) {
  return {
    pipArguments: [
      `--python ${fromHere(TOOLS_PYTHON)}`,
      '--python-platform aarch64-manylinux2014',
      '--python-version 3.13',
      '--only-binary :all:',
      ...everywhere,
    ],
    skipDeploymentBucketPolicy: false,
    serviceUrl: `https://\${ApiGatewayRestApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${stage}`,
    liveUrl: `wss://\${LiveApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${stage}`,
    liveConnectionsUrl: `https://\${LiveApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${stage}`,
    cognitoEndpoint: 'https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}',
  };
}

// serverless-python-requirements splits arguments at spaces, and the checkout's path may contain some.
const fromHere = (file) => path.relative(process.cwd(), file);

const everywhere = ['--require-hashes', '--link-mode copy', '--quiet'];
