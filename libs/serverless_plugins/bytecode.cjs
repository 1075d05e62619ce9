'use strict';

const { execFile } = require('node:child_process');
const { mkdir, mkdtemp, readdir, rm, writeFile } = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');

const { readTree } = require('./archive.cjs');

const run = promisify(execFile);
const ROOT = path.join(__dirname, '..', '..');
const COMPILER = path.join(__dirname, 'bytecode.py');
const PROBE =
  'import sys; assert sys.implementation.name == "cpython" and sys.version_info.releaselevel == "final"; ' +
  'print(sys.version_info.major, sys.version_info.minor, sys.version_info.micro, sys.implementation.cache_tag)';

/**
 * Finds the interpreter that bytecode for a Lambda runtime can be made with: one of the same minor version.
 *
 * @param {string} runtime such as `python3.13`
 * @param {string | undefined} fixed path of the one that runs the functions, if it is on this machine
 * @returns {Promise<{program: string, version: string} | undefined>}
 */
async function findInterpreter(runtime, fixed) {
  const minor = runtime.replace(/^python/, '');
  for (const program of fixed ? [fixed] : await candidates(minor)) {
    const version = await versionOf(program);
    if (version && (fixed || version.startsWith(`${minor}.`))) return { program, version };
  }
  return undefined;
}

async function candidates(minor) {
  const uv = path.join(ROOT, '.venv', 'bin', 'uv');
  const managed = await run(uv, ['python', 'find', '--managed-python', '--no-python-downloads', minor]).catch(() => undefined);
  const pyenv = path.join(process.env.PYENV_ROOT ?? path.join(os.homedir(), '.pyenv'), 'versions');
  const installed = (await readdir(pyenv).catch(() => [])).filter((name) => name.startsWith(`${minor}.`)).sort();
  return [
    process.env.BIGMOUTH_LAMBDA_PYTHON,
    path.join(ROOT, '.venv', 'bin', 'python'),
    `python${minor}`,
    managed?.stdout.trim(),
    ...installed.map((name) => path.join(pyenv, name, 'bin', 'python')),
  ].filter(Boolean);
}

/** A version manager's program may exist and still not run: one that does not answer does not count. */
async function versionOf(program) {
  const answer = await run(program, ['-I', '-S', '-c', PROBE]).catch(() => undefined);
  return answer?.stdout.trim().replace(/^(\d+) (\d+) (\d+)/, '$1.$2.$3');
}

/**
 * Adds to Python sources what they compile to, so that Lambda need not compile them at each cold start.
 *
 * @param {Record<string, Uint8Array>} files by their name in the package
 * @param {{program: string}} interpreter as `findInterpreter` gives it
 * @param {{keepSources: boolean}} options without sources the package is a fifth smaller; tracebacks then show file and
 *   line but not the line's text
 * @returns {Promise<Record<string, Uint8Array>>} the files with their bytecode
 */
async function withBytecode(files, { program }, { keepSources }) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bigmouth-bytecode-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    // The order in which a set's constants are written depends on the hash seed.
    const env = { PATH: process.env.PATH, PYTHONHASHSEED: '0' };
    // Columns are for marking the place in a line's text, so without the text they are of no use.
    const how = keepSources ? [COMPILER, folder, 'beside'] : ['-X', 'no_debug_ranges', COMPILER, folder, 'instead'];
    await run(program, ['-S', '-W', 'ignore', ...how], { env });
    return await readTree(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

module.exports = { findInterpreter, withBytecode };
