#!/usr/bin/env node
/**
 * `npm start|test|stop|run lint` and `stagectl …`: make sure that what stagectl needs is installed, then become it.
 *
 * `bootstrap.mjs --setup-only` installs and stops there.
 * Built-in modules only: this file runs before anything has been installed.
 */
import { Failure } from './bootstrap/failure.mjs';
import { runStagectl } from './bootstrap/child.mjs';
import { setUp } from './bootstrap/setup.mjs';
import { checkNodeVersion, checkPlatform } from './bootstrap/tools.mjs';

try {
  checkPlatform(process.platform);
  checkNodeVersion(process.versions.node);
  const args = process.argv.slice(2);
  // Until Python says more, which takes a second on a busy machine.
  if (args[0] === 'start' || args[0] === 'dev') process.stderr.write('Starting …\n');
  const setupOnly = args[0] === '--setup-only';
  await setUp({ announceReady: setupOnly });
  if (!setupOnly) process.exitCode = await runStagectl(args);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
