'use strict';

const { execFile } = require('node:child_process');
const path = require('node:path');

const CHECKER = path.join(__dirname, 'handlers.py');
const PYTHON = path.join(__dirname, '..', '..', '.venv', 'bin', 'python');

/**
 * Finds the functions of a service that would fail before their first event: sources that do not compile, handlers that
 * cannot be imported. Such a deployment would succeed, and then answer every request with an error.
 *
 * @param {string} folder the service's
 * @param {{service: string, provider: object, functions: object}} service as sls has read it
 * @throws {Error} naming each fault with file and line
 */
async function checkHandlers(folder, { service, provider, functions }) {
  const described = Object.fromEntries(
    Object.entries(functions).map(([name, { handler, environment }]) => [
      name,
      { handler, environment: { ...provider.environment, ...environment } },
    ]),
  );
  const faults = await run(folder, JSON.stringify({ package: service, functions: described }));
  if (faults) throw new Error(`Nothing was deployed: some functions of ${service} would not start:\n${faults}`);
}

function run(folder, input) {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, maxBuffer: 16 * 1024 * 1024 };
    const child = execFile(PYTHON, ['-B', '-W', 'ignore', CHECKER], options, (error, stdout, stderr) => {
      if (error && !(error.code === 1 && stdout)) reject(new Error(`${CHECKER} failed: ${stderr || error.message}`));
      else resolve(stdout.trimEnd());
    });
    child.stdin.on('error', () => {}); // it ended early; its exit code says why
    child.stdin.end(input);
  });
}

module.exports = { checkHandlers };
