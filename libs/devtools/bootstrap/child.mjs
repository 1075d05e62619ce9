import { spawn } from 'node:child_process';
import os from 'node:os';

import { Failure } from './failure.mjs';
import { inVenv, ROOT, VENV } from './paths.mjs';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const running = new Set();
let stopping = false;

function exitCode(code, signal) {
  return code ?? 128 + os.constants.signals[signal];
}

/**
 * Runs stagectl in this terminal and resolves to its exit code.
 *
 * A signal goes on to stagectl, which may get it from the terminal as well (it takes the second one calmly); this
 * process outlives it, so that the prompt comes back only when everything has stopped.
 */
export function runStagectl(args) {
  let child;
  const forward = (signal) => child.kill(signal);
  // Before the child is there: a signal that came in between would end this process and leave the child.
  for (const signal of FORWARDED) process.on(signal, forward);
  child = spawn(inVenv(VENV, 'python'), ['-m', 'stagectl', ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of FORWARDED) process.off(name, forward);
      resolve(exitCode(code, signal));
    });
  });
}

/**
 * Runs a setup command in the root, its output kept back.
 *
 * @param {string[]} command program and arguments
 * @param {{env?: Record<string, string>, hint?: (output: string) => string | undefined}} [options]
 *   `hint` turns the output of a failed command into the way out
 * @throws {Failure} with the end of the output when the command fails
 */
export async function run([program, ...args], { env = {}, hint = () => undefined } = {}) {
  let output = '';
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code, error] = await new Promise((resolve) => {
    child.once('error', (cause) => resolve([-1, cause]));
    child.once('close', (status, signal) => resolve([exitCode(status, signal)]));
  });
  running.delete(child);
  if (stopping) await new Promise(() => {}); // the command did not fail, it was told to stop: say nothing more
  if (code === 0) return output;
  const tail = output.trimEnd().split('\n').slice(-15).map((line) => `    ${line}`).join('\n');
  const shown = [program, ...args].join(' ');
  throw new Failure(hint(output) ?? `Failed: ${shown}\n${error ? `    ${error.message}` : tail}`);
}

/** Ends the setup commands that run now and resolves when they are gone. */
export async function stopRunning(signal) {
  stopping = true;
  await Promise.all(
    [...running].map((child) => {
      const gone = new Promise((resolve) => child.once('close', resolve));
      child.kill(signal);
      return gone;
    }),
  );
}
