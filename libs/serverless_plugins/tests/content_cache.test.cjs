'use strict';

const assert = require('node:assert/strict');
const { mkdtemp, readdir, readFile, rm, utimes, writeFile } = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');

const { ContentCache, keyOf } = require('../content_cache.cjs');

async function inFolder(use) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'content-cache-'));
  let times = 0;
  const make = () => Buffer.from(`made ${++times} times`);
  try {
    await use(folder, make);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('what was made is not made again', () =>
  inFolder(async (folder, make) => {
    await new ContentCache(folder).get('key', make);
    assert.equal((await new ContentCache(folder).get('key', make)).toString(), 'made 1 times');
  }));

for (const [how, damage] of [
  ['cut short', (entry) => entry.subarray(0, entry.length - 3)],
  ['cut to nothing', () => Buffer.alloc(0)],
  ['altered', (entry) => Buffer.from(entry).fill(0, 40, 42)],
]) {
  test(`an entry that was ${how} is made again`, () =>
    inFolder(async (folder, make) => {
      await new ContentCache(folder).get('key', make);
      const file = path.join(folder, 'key');
      await writeFile(file, damage(await readFile(file)));
      assert.equal((await new ContentCache(folder).get('key', make)).toString(), 'made 2 times');
    }));
}

test('what nobody has used for weeks is dropped when something is added', () =>
  inFolder(async (folder, make) => {
    await new ContentCache(folder).get('old', make);
    await utimes(path.join(folder, 'old'), new Date(0), new Date(0));
    await new ContentCache(folder).get('new', make);
    assert.deepEqual(await readdir(folder), ['new']);
  }));

test('a key tells names, contents and everything else apart', () => {
  const file = { 'a.py': Buffer.from('a') };
  const keys = [keyOf(file), keyOf({ 'b.py': Buffer.from('a') }), keyOf({ 'a.py': Buffer.from('b') }), keyOf(file, '3.13.1')];
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(keyOf({ 'a.py': Buffer.from('a') }), keys[0]);
});
