import fs from 'node:fs';
import { performance } from 'node:perf_hooks';

import { stopRunning } from './child.mjs';
import { takeLock } from './lock.mjs';
import { STATE } from './paths.mjs';
import { Progress, say } from './progress.mjs';
import { clearStamp, isDone, writeStamp } from './stamps.mjs';
import { emulator, lambdaWheels, nodePackages, ownPackages, pythonPackages, venv } from './steps.mjs';
import { checkGit } from './tools.mjs';

/** Steps of one line run one after another; the lines run side by side. */
const LINES = [[venv, pythonPackages, ownPackages, emulator, lambdaWheels], [nodePackages]];
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const INTERRUPTED = 130;

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Made for exactly this input, and still there. */
const isCurrent = (step) => isDone(step.name, step.input()) && step.present();

async function complete(step, progress) {
  if (isCurrent(step)) return;
  clearStamp(step.name);
  progress.started(step.title);
  await step.make();
  writeStamp(step.name, step.input());
  progress.ended(step.title);
}

async function completeAll(progress) {
  const outcomes = await Promise.allSettled(
    LINES.map(async (line) => {
      for (const step of line) await complete(step, progress);
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
  let progress;
  const interrupt = async () => {
    progress?.stop();
    await stopRunning('SIGTERM');
    release();
    say('Interrupted.');
    process.exit(INTERRUPTED);
  };
  for (const signal of INTERRUPTS) process.once(signal, interrupt);
  try {
    if (LINES.flat().every(isCurrent)) return; // another setup did it while this one waited
    say('Setting up Big Mouth (the first time this downloads its tools) …');
    progress = new Progress(LINES.flat().filter((step) => !isCurrent(step)).map((step) => step.title));
    await completeAll(progress);
    progress.stop();
    say(`Set up in ${seconds(since)}`);
  } finally {
    progress?.stop();
    for (const signal of INTERRUPTS) process.off(signal, interrupt);
    release();
  }
}
