import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { STATE } from './paths.mjs';

const LOCK = path.join(STATE, 'setup.lock');
const BREAKER = path.join(STATE, 'setup.lock.breaking');
const POLL_MS = 100;
const BREAKER_MAX_AGE_MS = 5000;

/** When a process started, as text to compare: a process id alone may have gone to another process since. */
function startOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20];
  } catch {
    const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return (stdout ?? '').trim();
  }
}

function isAlive({ pid, start }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return startOf(pid) === start;
}

/** Who holds the lock, or undefined when it is free or the file is damaged. */
function owner() {
  try {
    const found = JSON.parse(fs.readFileSync(LOCK, 'utf8'));
    return Number.isInteger(found?.pid) && found.pid > 0 ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Links a finished file into place: the lock is never seen half written. */
function tryTake() {
  const mine = `${LOCK}.${process.pid}`;
  fs.writeFileSync(mine, JSON.stringify({ pid: process.pid, start: startOf(process.pid) }));
  try {
    fs.linkSync(mine, LOCK);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

/** Removes the lock of a dead owner. Two waiters must not both do so, or the second removes the first one's new lock. */
function breakStale() {
  try {
    fs.mkdirSync(BREAKER);
  } catch {
    const age = Date.now() - (fs.statSync(BREAKER, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > BREAKER_MAX_AGE_MS) fs.rmSync(BREAKER, { recursive: true, force: true });
    return;
  }
  const current = owner();
  if (current === undefined || !isAlive(current)) fs.rmSync(LOCK, { recursive: true, force: true });
  fs.rmSync(BREAKER, { recursive: true, force: true });
}

/**
 * Waits until no other setup runs in this checkout and takes its place.
 *
 * @param {(pid: number) => void} onWait called once when somebody else is at it
 * @returns {Promise<() => void>} the release
 */
export async function takeLock(onWait) {
  fs.mkdirSync(STATE, { recursive: true });
  let told = false;
  while (!tryTake()) {
    const current = owner();
    if (current === undefined || !isAlive(current)) {
      breakStale();
    } else if (!told) {
      told = true;
      onWait(current.pid);
    }
    await delay(POLL_MS);
  }
  return () => fs.rmSync(LOCK, { force: true });
}
