import fs from 'node:fs';
import { performance } from 'node:perf_hooks';

import { stopRunning } from './child.mjs';
import { takeLock } from './lock.mjs';
import { STATE } from './paths.mjs';
import { clearStamp, isDone, writeStamp } from './stamps.mjs';
import { emulator, lambdaWheels, nodePackages, ownPackages, pythonPackages, venv } from './steps.mjs';
import { checkGit } from './tools.mjs';

/** Steps of one line run one after another; the lines run side by side. */
const LINES = [[venv, pythonPackages, ownPackages, emulator, lambdaWheels], [nodePackages]];
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const INTERRUPTED = 130;

const say = (text) => process.stderr.write(`${text}\n`);
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Made for exactly this input, and still there. */
const isCurrent = (step) => isDone(step.name, step.input()) && step.present();

async function complete(step) {
  if (isCurrent(step)) return;
  clearStamp(step.name);
  const since = performance.now();
  await step.make();
  writeStamp(step.name, step.input());
  say(`  ${step.title} … ${seconds(since)}`);
}

async function completeAll() {
  const outcomes = await Promise.allSettled(
    LINES.map(async (line) => {
      for (const step of line) await complete(step);
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

/**
 * Brings the checkout's tools up to date: nothing is done, or said, when all of it is already there.
 *
 * @param {{announceReady: boolean}} options say so when there was nothing to do
 */
export async function setUp({ announceReady }) {
  if (LINES.flat().every(isCurrent)) {
    if (announceReady) say('Everything is installed.');
    return;
  }
  checkGit();
  const since = performance.now();
  fs.mkdirSync(STATE, { recursive: true });
  const release = await takeLock((pid) => say(`Waiting for the setup that process ${pid} runs in this checkout …`));
  const interrupt = async () => {
    await stopRunning('SIGTERM');
    release();
    process.exit(INTERRUPTED);
  };
  for (const signal of INTERRUPTS) process.once(signal, interrupt);
  try {
    if (LINES.flat().every(isCurrent)) return; // another setup did it while this one waited
    say('Setting up Big Mouth (the first time this downloads its tools) …');
    await completeAll();
    say(`Set up in ${seconds(since)}`);
  } finally {
    for (const signal of INTERRUPTS) process.off(signal, interrupt);
    release();
  }
}
