'use strict';

const assert = require('node:assert/strict');
const { cp, mkdtemp, mkdir, realpath, rm } = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');

const SHARED_INFRA = path.join(__dirname, '..', '..', '..', 'shared-infra');

for (const stage of ['local', 'prod']) {
  test(`no argument of pip is split by a space in the checkout's path, on the stage ${stage}`, async (t) => {
    const checkout = await realpath(await mkdtemp(path.join(os.tmpdir(), 'a check out ')));
    const before = process.cwd();
    t.after(async () => {
      process.chdir(before);
      await rm(checkout, { recursive: true });
    });
    for (const file of ['target.cjs', 'facts.json']) {
      await cp(path.join(SHARED_INFRA, file), path.join(checkout, 'shared-infra', file));
    }
    await mkdir(path.join(checkout, 'services', 'orders'), { recursive: true });
    process.chdir(path.join(checkout, 'services', 'orders'));

    const target = require(path.join(checkout, 'shared-infra', 'target.cjs'));
    const { pipArguments } = await target({ resolveVariable: async () => stage });

    // serverless-python-requirements takes the first two words of each.
    for (const argument of pipArguments) assert.ok(argument.split(/\s+/).length <= 2, argument);
    const [, python] = pipArguments[0].split(' ');
    assert.ok(path.resolve(python).startsWith(checkout), python);
  });
}
