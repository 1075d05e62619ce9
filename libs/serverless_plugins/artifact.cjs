'use strict';

const { existsSync } = require('node:fs');
const { copyFile, readFile, readdir, rename, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { unzipSync, zipSync } = require('fflate');

const SERVICE_KIT = path.join(__dirname, '..', 'service_kit', 'service_kit');
// The earliest date that a zip can carry, in local time as zips have it: an artifact's hash must not depend on when,
// or in which time zone, it was made.
const FIXED_DATE = new Date(1980, 0, 1);
const NOT_SHIPPED = [
  /(^|\/)__pycache__\//,
  /(^|\/)tests?\//,
  /\.pyi$/,
  /^bin\//,
  /^\.lock$/,
  /\.dist-info\/sboms\//,
  /^requirements\.txt$/,
  // Written by the installer and different on each machine; nothing reads them at run time.
  /\.dist-info\/(INSTALLER|RECORD|REQUESTED|direct_url\.json|uv_cache\.json)$/,
];

/**
 * Finishes a service's artifact with what serverless-python-requirements has installed.
 *
 * Adds the locked packages and the shared library as it stands in the working tree (never a cached copy), leaves out
 * what does not run, and writes the entries sorted, with fixed dates and modes, so that the same sources always give
 * the same bytes. With `custom.browserBundle: {entry, outfile}` it first bundles the browser's script. The service's
 * OpenAPI document, if it has one, is put beside the artifact.
 */
class FinishArtifact {
  constructor(serverless) {
    this.serverless = serverless;
    this.hooks = {
      'before:package:createDeploymentArtifacts': async () => {
        await this.bundleBrowserScript();
        await this.takePackages();
      },
      'after:package:createDeploymentArtifacts': async () => {
        await this.finishArtifacts();
        await this.copyDocument();
      },
    };
  }

  get installed() {
    return path.join(this.serverless.serviceDir, '.serverless', 'requirements');
  }

  get packages() {
    return path.join(this.serverless.serviceDir, '.serverless', 'packages');
  }

  async bundleBrowserScript() {
    const bundle = this.serverless.service.custom?.browserBundle;
    if (!bundle) return;
    const esbuild = require('esbuild');
    await esbuild.build({
      absWorkingDir: this.serverless.serviceDir,
      entryPoints: [bundle.entry],
      outfile: bundle.outfile,
      bundle: true,
      minify: true,
      format: 'iife',
      target: 'es2020',
      legalComments: 'none',
      logLevel: 'warning',
    });
  }

  /**
   * Takes the installed packages from where serverless-python-requirements would zip them itself: it compresses in
   * JavaScript at the highest level, which took 2 of the 5 seconds of a deployment.
   */
  async takePackages() {
    await rm(this.packages, { recursive: true, force: true });
    await rename(this.installed, this.packages);
  }

  async finishArtifacts() {
    const { service, serviceDir } = this.serverless;
    const artifacts = new Set(
      [service.package.artifact, ...Object.values(service.functions).map((f) => f.package?.artifact)].filter(Boolean),
    );
    const shared = {
      ...(await readTree(this.packages)),
      ...(await readTree(SERVICE_KIT, 'service_kit/')),
    };
    for (const artifact of artifacts) {
      const file = path.resolve(serviceDir, artifact);
      await writeFile(file, zipped({ ...shared, ...unzipSync(await readFile(file)) }));
    }
  }

  async copyDocument() {
    const { serviceDir } = this.serverless;
    const document = path.join(serviceDir, 'openapi.json');
    if (existsSync(document)) await copyFile(document, path.join(serviceDir, '.serverless', 'openapi.json'));
  }
}

/** @returns {Promise<Record<string, Uint8Array>>} the files below a folder, by their name in the zip. */
async function readTree(folder, prefix = '') {
  const files = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    files[prefix + path.relative(folder, file).split(path.sep).join('/')] = await readFile(file);
  }
  return files;
}

function zipped(files) {
  const names = Object.keys(files).filter((name) => !name.endsWith('/') && !NOT_SHIPPED.some((unwanted) => unwanted.test(name)));
  const entries = Object.fromEntries(names.sort().map((name) => [name, files[name]]));
  // os 3 is Unix, which makes the reader heed the mode: a regular file that everybody may read.
  return zipSync(entries, { level: 6, mtime: FIXED_DATE, os: 3, attrs: 0o100644 << 16 });
}

module.exports = FinishArtifact;
