'use strict';

const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { copyFile, readFile, rename, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { unzipSync } = require('fflate');

const { awsServices, modelsOf } = require('./aws_models.cjs');
const { joined, readTree, zipped } = require('./archive.cjs');
const { bundleScripts } = require('./browser_bundles.cjs');
const { findInterpreter, withBytecode } = require('./bytecode.cjs');
const { ContentCache, keyOf } = require('./content_cache.cjs');
const { checkHandlers } = require('./handlers.cjs');
const { importsIn, reachedFiles } = require('./imports.cjs');
const { shippedAs } = require('./shipped.cjs');

const SERVICE_KIT = path.join(__dirname, '..', 'service_kit', 'service_kit');
const EMULATOR_LOCK = path.join(__dirname, '..', 'local_aws', 'requirements.txt');
const CACHE = path.join(__dirname, '..', '..', '.bigmouth', 'archives');

/**
 * Finishes a service's artifact with what serverless-python-requirements has installed.
 *
 * The artifact is made of four archives: the locked packages, the models of the AWS services that its functions may call, and
 * the shared library and the service as they stand in the working tree. Each is made once for its content and kept, so
 * services with the same packages share them. What does not run is left out, bytecode for the interpreter that runs the
 * functions is put in the place of sources (for the emulator, beside the service's own), and entries are sorted, with fixed
 * dates and modes: the same sources always give the same bytes. Of Python modules, those are shipped that its handlers
 * import, at once or later. A service whose functions would not start, or would import what is not in the package, is refused.
 *
 * With BIGMOUTH_TEMPLATE_ONLY in the environment none of this happens, for commands that only need the template: compiling
 * alone takes two thirds of the time.
 *
 * It first bundles the browser's scripts (browser_bundles.cjs). The service's OpenAPI document, if
 * it has one, is put beside the artifact.
 */
class FinishArtifact {
  constructor(serverless, options, { log }) {
    this.serverless = serverless;
    this.log = log;
    if (process.env.BIGMOUTH_TEMPLATE_ONLY) return;
    this.hooks = {
      'before:package:createDeploymentArtifacts': async () => {
        const { serverless } = this;
        await Promise.all([
          checkHandlers(serverless.serviceDir, serverless.service),
          bundleScripts(this.serverless.serviceDir, this.serverless.service.custom),
          this.takePackages(),
        ]);
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
    const interpreter = await this.interpreter();
    // On the emulator, where people look for their faults, tracebacks show the text of the service's lines.
    const keepSources = Boolean(service.custom.shared.target.interpreter);
    const installed = await readTree(this.packages);
    const reached = await this.reached(installed);
    const packages = await archive(shipped(installed, reached, false), interpreter, { keepSources: false });
    const models = await archiveOfModels(awsServices(service.functions, service.resources?.Resources));
    const library = await archive(shipped(await readTree(SERVICE_KIT, 'service_kit/'), reached, true), interpreter, {
      keepSources: false,
    });
    for (const artifact of artifacts) {
      const file = path.resolve(serviceDir, artifact);
      const own = shipped(unzipSync(await readFile(file)), reached, true);
      await writeFile(file, joined([packages, models, library, await archive(own, interpreter, { keepSources })]));
    }
  }

  /** The files of the modules that the service's functions import. */
  async reached(installed) {
    const { service, serviceDir } = this.serverless;
    const ours = [service.service.replaceAll('-', '_'), 'service_kit'];
    const handlers = Object.values(service.functions).map(({ handler }) => handler.slice(0, handler.lastIndexOf('.')));
    const theirs = await new ContentCache(CACHE).get(keyOf(installed, 'imports', MAKERS), async () =>
      Buffer.from(JSON.stringify(await importsIn([[this.packages, '.']]))),
    );
    const imports = await importsIn([
      [serviceDir, ours[0]],
      [path.dirname(SERVICE_KIT), ours[1]],
    ]);
    return reachedFiles(handlers, { ...JSON.parse(theirs), ...imports }, (file) => ours.includes(file.split('/')[0]));
  }

  async interpreter() {
    const { provider, custom } = this.serverless.service;
    const interpreter = await findInterpreter(provider.runtime, custom.shared.target.interpreter);
    if (!interpreter) {
      this.log.warning(
        `The package has no bytecode, since there is no ${provider.runtime} here to make it with: it works, but cold starts ` +
          'take twice as long. Install one, such as with .venv/bin/uv python install ' +
          `${provider.runtime.replace('python', '')}, or set BIGMOUTH_LAMBDA_PYTHON to its path.`,
      );
    }
    return interpreter;
  }

  async copyDocument() {
    const { serviceDir } = this.serverless;
    const document = path.join(serviceDir, 'openapi.json');
    if (existsSync(document)) await copyFile(document, path.join(serviceDir, '.serverless', 'openapi.json'));
  }
}

// The bytes of an archive depend on these plugins and on the compressor.
const MAKERS = keyOf(
  Object.fromEntries(
    [...readdirSync(__dirname), require.resolve('fflate')]
      .filter((file) => /\.(cjs|py)$/.test(file))
      .map((file) => [file, readFileSync(path.resolve(__dirname, file))]),
  ),
);

/** Zips files with their bytecode, or returns the cached archive of the same content. */
function archive(files, interpreter, options) {
  const key = keyOf(files, interpreter?.version, options, MAKERS);
  return new ContentCache(CACHE).get(key, async () =>
    zipped(interpreter ? await withBytecode(files, interpreter, options) : files),
  );
}

/** The models are those of the botocore that the emulator's lock file pins. */
function archiveOfModels(services) {
  const key = keyOf({ lock: readFileSync(EMULATOR_LOCK) }, services, MAKERS);
  return new ContentCache(CACHE).get(key, async () => zipped(await modelsOf(services)));
}

/** Omits folders and files that are not shipped. */
function shipped(files, reached, isOurs) {
  const named = Object.entries(files).map(([name, content]) => [
    name.endsWith('/') ? undefined : shippedAs(name, reached, isOurs),
    content,
  ]);
  return Object.fromEntries(named.filter(([name]) => name));
}

module.exports = FinishArtifact;
