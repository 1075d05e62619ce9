import { spawnSync } from 'node:child_process';

import { Failure } from './failure.mjs';

const OLDEST_NODE = [20, 19];
const OLDEST_PYTHON = [3, 11];
const PYTHON_CANDIDATES = [['python3.13'], ['python3.12'], ['python3.11'], ['python3'], ['python']];
const PROBE = 'import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)';

/** @throws {Failure} when Node is older than the tools allow */
export function checkNodeVersion(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new Failure(`Big Mouth needs Node.js >= ${OLDEST_NODE.join('.')}, this is ${version}: install it from https://nodejs.org`);
  }
}

/** @throws {Failure} on Windows itself */
export function checkPlatform(platform) {
  if (platform === 'win32') {
    throw new Failure(
      'Big Mouth runs on Linux and macOS. On Windows, run it in WSL 2: `wsl --install` in a terminal of an administrator, ' +
        'then clone the repository inside (https://learn.microsoft.com/windows/wsl/install)',
    );
  }
}

/** @throws {Failure} when git is missing */
export function checkGit() {
  if (spawnSync('git', ['--version'], { stdio: 'ignore' }).status !== 0) {
    throw new Failure('Big Mouth needs git: install it from https://git-scm.com (Debian, Ubuntu: apt install git)');
  }
}

/** Version and path of a Python, or undefined when it does not run (a version manager's shim may exist and still fail). */
function probe([program, ...args]) {
  const { status, stdout } = spawnSync(program, [...args, '-c', PROBE], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const [, major, minor, executable] = /^(\d+) (\d+) (.+)$/m.exec(stdout) ?? [];
  return executable && { version: [Number(major), Number(minor)], executable: executable.trim() };
}

function isNewEnough({ version: [major, minor] }) {
  return major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1];
}

/** True when the program runs and is a Python that the tools support. */
export function isUsablePython(program) {
  const found = probe([program]);
  return found !== undefined && isNewEnough(found);
}

/**
 * The Python to build the virtual environments from: BIGMOUTH_PYTHON when set, else the first that is new enough.
 *
 * @returns {string} path of the interpreter
 * @throws {Failure} one line that says what to install
 */
export function findPython(override = process.env.BIGMOUTH_PYTHON) {
  const wanted = OLDEST_PYTHON.join('.');
  if (override) {
    const found = probe([override]);
    if (found && isNewEnough(found)) return found.executable;
    const what = found ? `Python ${found.version.join('.')}` : 'not a Python that runs';
    throw new Failure(`BIGMOUTH_PYTHON=${override} is ${what}: point it at Python >= ${wanted}, or unset it`);
  }
  const seen = [];
  for (const candidate of PYTHON_CANDIDATES) {
    const found = probe(candidate);
    if (found && isNewEnough(found)) return found.executable;
    if (found) seen.push(`${candidate.join(' ')} is ${found.version.join('.')}`);
  }
  const only = seen.length > 0 ? ` (${seen.join(', ')})` : '';
  throw new Failure(
    `Big Mouth needs Python >= ${wanted}${only}: install it from https://www.python.org/downloads ` +
      '(Debian, Ubuntu: apt install python3 python3-venv), or set BIGMOUTH_PYTHON=/path/to/python',
  );
}
