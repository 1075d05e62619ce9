'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { unzipSync } = require('fflate');

const { joined, zipped } = require('../archive.cjs');

const bytes = (text) => Buffer.from(text);
const texts = (zip) => Object.fromEntries(Object.entries(unzipSync(zip)).map(([name, content]) => [name, Buffer.from(content).toString()]));

test('the order in which files are given does not show', () => {
  const one = zipped({ 'a.py': bytes('a'), 'b/c.py': bytes('c') });
  const other = zipped({ 'b/c.py': bytes('c'), 'a.py': bytes('a') });
  assert.deepEqual(one, other);
});

test('joined archives hold the files of all', () => {
  const parts = [{ 'a.py': bytes('a'.repeat(5000)) }, { 'b/ü.py': bytes('b'), 'c.py': bytes('') }, { 'd.py': bytes('d') }];
  assert.deepEqual(texts(joined(parts.map(zipped))), {
    'a.py': 'a'.repeat(5000),
    'b/ü.py': 'b',
    'c.py': '',
    'd.py': 'd',
  });
});

test('a file that two archives hold is refused by its name', () => {
  const zip = zipped({ 'service_kit/http.py': bytes('') });
  assert.throws(() => joined([zip, zip]), /service_kit\/http\.py/);
});
