/**
 * A Lambda runtime in a few lines: it speaks the Runtime API with Node's own HTTP client. AWS's own,
 * `aws-lambda-ric`, builds an add-on in C++ when it is installed, for which few machines have the tools; this one does
 * less, so it favours Node.
 *
 *     node runtime.mjs FILE.EXPORT
 */

import { request } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');

function call(method, address, body) {
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, method, path: `/2018-06-01/runtime/${address}` }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ headers: answer.headers, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const [module, name] = process.argv[2].split('.');
const { [name]: handle } = await import(pathToFileURL(path.resolve(`${module}.mjs`)));
for (;;) {
  const next = await call('GET', 'invocation/next');
  const id = next.headers['lambda-runtime-aws-request-id'];
  const deadline = Number(next.headers['lambda-runtime-deadline-ms']);
  const context = {
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    invokedFunctionArn: next.headers['lambda-runtime-invoked-function-arn'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  try {
    await call('POST', `invocation/${id}/response`, JSON.stringify(await handle(JSON.parse(next.text), context)));
  } catch (error) {
    const told = { errorType: error.name, errorMessage: `${error.message}\n${error.stack}` };
    await call('POST', `invocation/${id}/error`, JSON.stringify(told));
  }
}
