'use strict';

const { readFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { isEmulator } = require('./target.cjs');

// Templates are the same in every region, so these commands need none.
const COMPILE_ONLY = ['package', 'print'];

/**
 * The region to deploy to: --region, AWS_REGION, AWS_DEFAULT_REGION, or the profile's. There is no default, except on the
 * emulator.
 */
module.exports = async ({ options, resolveVariable }) => {
  const { env } = process;
  const named = options.region || env.AWS_REGION || env.AWS_DEFAULT_REGION;
  if (named) return named;
  if (isEmulator(await resolveVariable('sls:stage'))) return 'us-east-1';
  const profile = options['aws-profile'] || env.AWS_PROFILE || env.AWS_DEFAULT_PROFILE || 'default';
  const region = regionOf(profile) || (COMPILE_ONLY.some((command) => process.argv.includes(command)) && 'us-east-1');
  if (region) return region;
  throw new Error(
    'No AWS region. Pass --region, set AWS_REGION, or set the profile\'s region (aws configure set region eu-central-1)',
  );
};

function regionOf(profile) {
  let wanted = false;
  for (const line of configuration().split(/\r?\n/)) {
    const section = /^\s*\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/.exec(line);
    if (section) wanted = section[1] === profile;
    const region = wanted && /^region\s*=\s*([\w-]+)/.exec(line);
    if (region) return region[1];
  }
  return undefined;
}

/** The text of the AWS configuration file; empty when it does not exist or cannot be read. */
function configuration() {
  const file = process.env.AWS_CONFIG_FILE || path.join(os.homedir(), '.aws', 'config');
  try {
    return readFileSync(file.replace(/^~(?=\/)/, os.homedir()), 'utf8');
  } catch {
    return '';
  }
}
