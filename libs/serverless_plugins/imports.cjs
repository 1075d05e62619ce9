'use strict';

const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');

const run = promisify(execFile);
const LISTER = path.join(__dirname, 'imports.py');
const PYTHON = path.join(__dirname, '..', '..', '.venv', 'bin', 'python');
// What Lambda's runtimes provide. serverless-python-requirements omits most of it.
const IN_THE_RUNTIME = ['boto3', 'botocore', 'dateutil', 'jmespath', 's3transfer', 'six', 'snapshot_restore_py', 'urllib3'];

/**
 * Lists what the Python files of folders import.
 *
 * @param {[string, string][]} folders each as the folder that imports begin in, and the one below it to look at
 * @returns {Promise<Record<string, [number, string, boolean, boolean][]>>} by file: line, name, whether it is certain to be a
 *   module, and whether it is imported later, by a function
 */
async function importsIn(folders) {
  const { stdout } = await run(PYTHON, ['-I', LISTER, ...folders.flat()], { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout);
}

/**
 * Finds the modules that functions import: their handlers and whatever these import, in functions too.
 *
 * What a function of a library imports is followed only within the folders of what is imported anyway. Elsewhere it is for
 * features that nothing here uses, such as OpenAPI pages or models of an older version.
 *
 * @param {string[]} starts modules that are imported, by their names
 * @param {Awaited<ReturnType<typeof importsIn>>} imports of all modules there are
 * @param {(file: string) => boolean} isOurs whose imports must all be there; libraries may try what is not installed
 * @returns {Set<string>} the files of the modules
 * @throws {Error} naming each import of ours that is neither in the package nor in the runtime
 */
function reachedFiles(starts, imports, isOurs) {
  const files = new Map(Object.keys(imports).map((file) => [moduleOf(file), file]));
  const reached = new Set();
  const faults = new Set();
  const later = [];
  const follow = (waiting) => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const file = files.get(name);
      const parent = name.slice(0, Math.max(0, name.lastIndexOf('.')));
      // A module's packages are imported before it; a folder without __init__.py is a package too.
      if (parent && !reached.has(files.get(parent))) waiting.push(parent);
      if (!file || reached.has(file)) continue;
      reached.add(file);
      for (const [line, imported, isCertain, isLater] of imports[file]) {
        if (files.has(imported)) (isLater && !isOurs(file) ? later : waiting).push(imported);
        else if (isCertain && isOurs(file) && !isThere(imported, files)) {
          faults.add(`${file}:${line}: imports ${imported}, which is not in the package. Add it to requirements.in.`);
        }
      }
    }
  };
  follow([...starts]);
  const near = () => {
    const folders = new Set([...reached].map(path.dirname));
    return later.filter((name) => !reached.has(files.get(name)) && folders.has(path.dirname(files.get(name))));
  };
  // Following an import may add folders from which others are followed.
  for (let names = near(); names.length; names = near()) follow(names);
  if (faults.size) throw new Error(`Some functions would fail when called:\n${[...faults].sort().join('\n')}`);
  return reached;
}

function moduleOf(file) {
  return file
    .replace(/(\.py|\.[^/]*so)$/, '')
    .replace(/\/__init__$/, '')
    .replaceAll('/', '.');
}

function isThere(name, files) {
  const beginning = `${name}.`;
  return IN_THE_RUNTIME.includes(name.split('.')[0]) || [...files.keys()].some((known) => known.startsWith(beginning));
}

module.exports = { IN_THE_RUNTIME, importsIn, reachedFiles };
