import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { STATE } from './paths.mjs';

const STAMPS = path.join(STATE, 'stamps');

/** Hash of what a step depends on. */
export function digest(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

/** True when the step was completed for exactly this input. */
export function isDone(step, hash) {
  try {
    return fs.readFileSync(path.join(STAMPS, step), 'utf8') === hash;
  } catch {
    return false;
  }
}

/** Forgets the step before it is repeated, so that an interruption leaves it undone. */
export function clearStamp(step) {
  fs.rmSync(path.join(STAMPS, step), { force: true });
}

export function writeStamp(step, hash) {
  fs.mkdirSync(STAMPS, { recursive: true });
  fs.writeFileSync(path.join(STAMPS, step), hash);
}
