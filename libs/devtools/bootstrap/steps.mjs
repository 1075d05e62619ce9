/**
 * The setup steps. Each has a name, a title, `input()` (a hash of what it depends on), `present()` (what it made is
 * still there) and `make()`. Titles stand in the progress lines.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { run } from './child.mjs';
import { Failure } from './failure.mjs';
import { EMULATOR_VENV, inVenv, ROOT, STATE, VENV } from './paths.mjs';
import { digest } from './stamps.mjs';
import { findPython, isUsablePython } from './tools.mjs';

const LOCK_FILE = path.join(ROOT, 'requirements.txt');
const EMULATOR_LOCK_FILE = path.join(ROOT, 'libs', 'local_aws', 'requirements.txt');
const NODE_LOCK_FILE = path.join(ROOT, 'package-lock.json');
const ON_AWS = ['--python-platform', 'aarch64-manylinux2014', '--python-version', '3.13', '--only-binary', ':all:'];
const ON_EMULATOR = ['--python', inVenv(EMULATOR_VENV, 'python')];

const read = (file) => fs.readFileSync(file, 'utf8');
const exists = (file) => fs.existsSync(file);

function device(folder) {
  for (let place = folder; ; place = path.dirname(place)) {
    if (exists(place)) return fs.statSync(place).dev;
  }
}

/** uv links from its cache when it can; across file systems it would warn at every run, so it is told to copy. */
function uvEnvironment(venv) {
  const cache = process.env.UV_CACHE_DIR ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'uv');
  const env = { UV_PYTHON_DOWNLOADS: 'never', VIRTUAL_ENV: venv, UV_NO_PROGRESS: '1' };
  if (!process.env.UV_LINK_MODE && device(cache) !== device(ROOT)) env.UV_LINK_MODE = 'copy';
  return env;
}

function uv(args, venv = VENV) {
  return run([inVenv(VENV, 'uv'), ...args], { env: uvEnvironment(venv) });
}

function venvHint(output) {
  if (!/ensurepip|python3-venv|No module named '?venv/.test(output)) return undefined;
  return 'This Python cannot make virtual environments: install its venv module (Debian, Ubuntu: apt install python3-venv)';
}

/** The lines of one package, with its hashes, out of a lock file. */
export function extractPackage(lockText, name) {
  const lines = lockText.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`${name}==`));
  if (start < 0) throw new Failure(`requirements.txt does not pin ${name}`);
  const end = lines.findIndex((line, index) => index > start && !/^\s+--hash=/.test(line));
  return `${lines.slice(start, end < 0 ? undefined : end).join('\n').replace(/\\\s*$/, '')}\n`;
}

async function installUv() {
  const extract = path.join(STATE, 'uv-requirement.txt');
  fs.writeFileSync(extract, extractPackage(read(LOCK_FILE), 'uv'));
  const args = ['--quiet', '--disable-pip-version-check', '--require-hashes', '--no-deps', '--only-binary', ':all:', '-r', extract];
  await run([inVenv(VENV, 'python'), '-m', 'pip', 'install', ...args]);
  fs.rmSync(extract);
}

export const venv = {
  name: 'venv',
  title: 'Python environment',
  input: () => digest(ROOT, process.env.BIGMOUTH_PYTHON ?? ''),
  present: () => exists(inVenv(VENV, 'python')) && exists(inVenv(VENV, 'pip')),
  async make() {
    const wanted = process.env.BIGMOUTH_PYTHON;
    if (!wanted && venv.present() && isUsablePython(inVenv(VENV, 'python'))) return;
    await run([findPython(wanted), '-m', 'venv', '--clear', VENV], { hint: venvHint });
  },
};

export const pythonPackages = {
  name: 'python-packages',
  title: 'Python packages',
  input: () => digest(venv.input(), read(LOCK_FILE)),
  present: () => exists(inVenv(VENV, 'uv')),
  async make() {
    await installUv();
    await uv(['pip', 'sync', '--quiet', '--require-hashes', LOCK_FILE]);
  },
};

function sitePackages() {
  const lib = path.join(VENV, 'lib');
  const version = exists(lib) ? fs.readdirSync(lib).find((name) => name.startsWith('python')) : undefined;
  return path.join(lib, version ?? 'python3', 'site-packages');
}

function foldersIn(parent) {
  const folder = path.join(ROOT, parent);
  if (!exists(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name))
    .sort();
}

const holding = (file) => (folder) => exists(path.join(folder, file));
const libraries = () => foldersIn('libs').filter(holding('pyproject.toml'));
const services = () => foldersIn('services').filter(holding('serverless.yml'));
const servicesPath = () => path.join(sitePackages(), 'services.pth');
const SLS = path.join(VENV, 'bin', 'sls');
const shellQuoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The libraries with their programs, the services as source folders, and `sls`, which `npx` would ask a registry for. */
export const ownPackages = {
  name: 'own-packages',
  title: 'Own packages',
  // A sync of the packages above removes these.
  input: () => digest(pythonPackages.input(), ...libraries().flatMap((folder) => [folder, read(path.join(folder, 'pyproject.toml'))]), ...services()),
  present: () => [inVenv(VENV, 'stagectl'), servicesPath(), SLS].every(exists),
  async make() {
    const editable = libraries().flatMap((folder) => ['--editable', folder]);
    await uv(['pip', 'install', '--quiet', '--offline', '--no-deps', '--no-build-isolation', ...editable]);
    fs.writeFileSync(servicesPath(), `${services().join('\n')}\n`);
    fs.writeFileSync(SLS, `#!/bin/sh\nexec ${shellQuoted(path.join(ROOT, 'node_modules', '.bin', 'sls'))} "$@"\n`, { mode: 0o755 });
  },
};

/** The local stage's Lambdas run in this interpreter, so it holds what the Lambda runtime holds and nothing of ours. */
export const emulator = {
  name: 'emulator',
  title: 'Local AWS (MiniStack)',
  input: () => digest(venv.input(), read(EMULATOR_LOCK_FILE)),
  present: () => exists(inVenv(EMULATOR_VENV, 'python')),
  async make() {
    await uv(['venv', '--quiet', '--clear', '--python', inVenv(VENV, 'python'), EMULATOR_VENV]);
    await uv(['pip', 'sync', '--quiet', '--require-hashes', EMULATOR_LOCK_FILE], EMULATOR_VENV);
  },
};

const lambdaRequirements = () => foldersIn('services').map((folder) => path.join(folder, 'requirements.txt')).filter(exists);

/** Leaves the Lambdas' wheels in uv's cache, so that packaging for AWS and for here needs no network afterwards. */
export const lambdaWheels = {
  name: 'lambda-wheels',
  title: 'Lambda packages',
  input: () => digest(venv.input(), ...lambdaRequirements().map(read)),
  present: () => true,
  async make() {
    const target = fs.mkdtempSync(path.join(STATE, 'wheels-'));
    try {
      for (const requirements of lambdaRequirements()) {
        for (const platform of [ON_AWS, ON_EMULATOR]) {
          const folder = path.join(target, digest(requirements, ...platform));
          await uv(['pip', 'install', '--quiet', '--target', folder, ...platform, '-r', requirements]);
        }
      }
    } finally {
      fs.rmSync(target, { recursive: true, force: true });
    }
  },
};

export const nodePackages = {
  name: 'node-packages',
  title: 'Node packages',
  input: () => digest(ROOT, exists(NODE_LOCK_FILE) ? read(NODE_LOCK_FILE) : ''),
  present: () => exists(path.join(ROOT, 'node_modules', '.package-lock.json')),
  async make() {
    const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
    await run([...npm, 'ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']);
  },
};
