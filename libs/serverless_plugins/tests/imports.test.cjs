'use strict';

const assert = require('node:assert/strict');
const { mkdir, mkdtemp, rm, writeFile } = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');

const { importsIn, reachedFiles } = require('../imports.cjs');

/** Finds the files that `shop.handler` reaches, of files with these texts. */
async function reached(t, files) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'modules '));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  const found = reachedFiles(['shop.handler'], await importsIn([[folder, '.']]), (file) => file.startsWith('shop/'));
  return [...found].sort();
}

test('what a handler imports is reached, and what that imports, with the packages above', async (t) => {
  const files = {
    'shop/__init__.py': '',
    'shop/handler.py': 'from lib.deep import thing\nimport json',
    'lib/__init__.py': '',
    'lib/deep/__init__.py': 'from ..base import one',
    'lib/deep/thing.py': '',
    'lib/base.py': '',
    'lib/other.py': '',
  };
  assert.deepEqual(await reached(t, files), Object.keys(files).filter((name) => name !== 'lib/other.py').sort());
});

test('what a function imports when it is called is reached', async (t) => {
  const found = await reached(t, { 'shop/handler.py': 'def handle():\n    import lib.later', 'lib/later.py': '' });
  assert.deepEqual(found, ['lib/later.py', 'shop/handler.py']);
});

test('what only type checkers import is not reached', async (t) => {
  const text = 'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import lib\nelse:\n    import real';
  assert.deepEqual(await reached(t, { 'shop/handler.py': text, 'lib.py': '', 'real.py': '' }), ['real.py', 'shop/handler.py']);
});

test('what a package imports when an attribute is asked for is reached', async (t) => {
  const lazy = "_WHERE = {'Model': '.main'}\ndef __getattr__(name): ...";
  const found = await reached(t, { 'shop/handler.py': 'from lib import Model', 'lib/__init__.py': lazy, 'lib/main.py': '' });
  assert.deepEqual(found, ['lib/__init__.py', 'lib/main.py', 'shop/handler.py']);
});

test('what a function of a library imports is reached in the folders that are imported anyway', async (t) => {
  const lib = 'def later():\n    import lib.near\n    import lib.pages.far';
  const files = { 'shop/handler.py': 'import lib', 'lib/__init__.py': lib, 'lib/near.py': '', 'lib/pages/far.py': '' };
  assert.deepEqual(await reached(t, files), ['lib/__init__.py', 'lib/near.py', 'shop/handler.py']);
});

test('folders that a late import brings count too, whichever was found first', async (t) => {
  const files = {
    'shop/handler.py': 'import lib',
    'lib/__init__.py': "_WHERE = {'Model': '.main'}\ndef __getattr__(name): ...",
    'lib/main.py': 'import lib.plugin.schema',
    'lib/plugin/schema.py': 'def later():\n    import lib.plugin.loader',
    'lib/plugin/loader.py': '',
  };
  assert.deepEqual(await reached(t, files), Object.keys(files).sort());
});

test('extension modules are reached', async (t) => {
  const name = 'core/_core.cpython-313-aarch64-linux-gnu.so';
  const found = await reached(t, { 'shop/handler.py': 'import core._core', [name]: '' });
  assert.deepEqual(found, [name, 'shop/handler.py']);
});

test('an import of ours that is not in the package is refused with file and line', async (t) => {
  const text = 'import boto3.session\ndef handle():\n    import httpx';
  await assert.rejects(
    reached(t, { 'shop/handler.py': text }),
    /shop\/handler\.py:3: imports httpx, which is not in the package\. Add it to requirements\.in/,
  );
});

test('a module of ours that is not there is refused', async (t) => {
  await assert.rejects(reached(t, { 'shop/handler.py': 'from shop.domain import buy' }), /handler\.py:1: imports shop\.domain,/);
});

test('libraries may try what is not installed', async (t) => {
  const found = await reached(t, { 'shop/handler.py': 'import lib', 'lib.py': 'try:\n    import orjson\nexcept ImportError: ...' });
  assert.deepEqual(found, ['lib.py', 'shop/handler.py']);
});
