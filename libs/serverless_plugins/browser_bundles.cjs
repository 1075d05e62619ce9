'use strict';

const { existsSync, mkdirSync, readFileSync, readdirSync } = require('node:fs');
const { rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { createInterface } = require('node:readline');

const { hashedFiles } = require('./stored_assets.cjs');

const ROOT = path.resolve(__dirname, '..', '..');

/**
 * Bundles scripts for browsers, and the styles that they import.
 *
 * `custom.browserBundle: {entryPoints, outdir}` is packaged. `custom.storedBundle: {entryPoints, outdir, names}` is not: it stands
 * in a folder of `custom.storedAssets` alone, and the JSON file `names` tells the functions under which names, with hashes.
 *
 * A script may import `openapi-documents`: the OpenAPI documents of all services, by service.
 */
async function bundleScripts(serviceDir, { browserBundle, storedBundle } = {}, run = (options) => require('esbuild').build(options)) {
  for (const bundle of [browserBundle, storedBundle].filter(Boolean)) await build(serviceDir, bundle, run);
  if (!storedBundle) return;
  const stored = [...hashedFiles(path.join(serviceDir, storedBundle.outdir)).keys()];
  const names = Object.fromEntries(stored.map((name) => [name.replace(/\.[0-9a-f]+(\.\w+)$/, '$1'), name]));
  await writeFile(path.join(serviceDir, storedBundle.names), `${JSON.stringify(names, undefined, 2)}\n`);
}

async function build(serviceDir, { entryPoints, outdir }, run) {
  const folder = path.join(serviceDir, outdir);
  mkdirSync(folder, { recursive: true });
  const { metafile } = await run({
    absWorkingDir: serviceDir,
    entryPoints,
    outdir,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    plugins: [openApiDocuments(path.dirname(serviceDir))],
  });
  // A script that is no longer built would still be shipped. After a failure those before stay.
  const built = new Set(Object.keys(metafile.outputs).map((file) => path.basename(file)));
  for (const file of readdirSync(folder)) if (file.endsWith('.js') && !built.has(file)) await rm(path.join(folder, file));
}

function openApiDocuments(services) {
  return {
    name: 'openapi-documents',
    setup(build) {
      build.onResolve({ filter: /^openapi-documents$/ }, ({ path: name }) => ({ path: name, namespace: name }));
      build.onLoad({ filter: /.*/, namespace: 'openapi-documents' }, () => {
        const files = readdirSync(services)
          .sort()
          .map((service) => [service, path.join(services, service, 'openapi.json')])
          .filter(([, file]) => existsSync(file));
        const documents = files.map(([service, file]) => [service, JSON.parse(readFileSync(file))]);
        return { contents: JSON.stringify(Object.fromEntries(documents)), loader: 'json' };
      });
    },
  };
}

/** @returns what builds as `esbuild.build` does, and the next time reads only what has changed. */
function rebuilding() {
  const contexts = new Map();
  return async (options) => {
    const key = JSON.stringify(options);
    // It would remove what it wrote before when a build fails.
    if (!contexts.has(key)) contexts.set(key, await require('esbuild').context({ ...options, write: false }));
    const result = await contexts.get(key).rebuild();
    for (const file of result.outputFiles) await writeFile(file.path, file.contents);
    return result;
  };
}

/** For `stagectl dev`: each line of standard input is `{service, browserBundle}`, each answer a line with a list of faults. */
async function answerRequests() {
  const run = rebuilding();
  for await (const line of createInterface({ input: process.stdin })) {
    const { service, browserBundle } = JSON.parse(line);
    const faults = await bundleScripts(service, { browserBundle }, run).then(
      () => [],
      (error) => (error.errors ?? [{ text: error.message }]).map((fault) => describe(service, fault)),
    );
    process.stdout.write(`${JSON.stringify(faults)}\n`);
  }
}

function describe(service, { location, text }) {
  if (!location) return `${path.basename(service)}: ${text}`;
  return `${path.relative(ROOT, path.join(service, location.file))}:${location.line}: ${text}`;
}

module.exports = { bundleScripts };

if (require.main === module) answerRequests();
