'use strict';

const assert = require('node:assert/strict');
const { mkdtemp, mkdir, realpath, rm, writeFile } = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');

const { checkHandlers } = require('../handlers.cjs');

/** Makes a service with one function, whose handler has this text. */
async function service(t, handler, { environment = {}, name = 'shop.handlers.buy.handle' } = {}) {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'a service ')));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(path.join(folder, 'shop', 'handlers'), { recursive: true });
  await writeFile(path.join(folder, 'shop', 'handlers', 'buy.py'), handler);
  const functions = { buy: { handler: name, environment } };
  return () => checkHandlers(folder, { service: 'shop', provider: { environment: { STAGE: 'local' } }, functions });
}

test('a handler that starts is fine', async (t) => {
  await (await service(t, 'def handle(event, context): return None\n'))();
});

test('a syntax error is named with file and line', async (t) => {
  const check = await service(t, 'import os\n\ndef handle(event context): return None\n');
  await assert.rejects(check, /shop\/handlers\/buy\.py:3: invalid syntax/);
});

test('bytes that are no text are named', async (t) => {
  const check = await service(t, Buffer.from([0xff, 0xfe, 0x00]));
  await assert.rejects(check, /shop\/handlers\/buy\.py:\d+: /);
});

test('an import that fails is named with file, line and function', async (t) => {
  const check = await service(t, 'import json\nimport no_such_package\n');
  await assert.rejects(check, /shop\/handlers\/buy\.py:2: ModuleNotFoundError: .*no_such_package.* \(function buy\)/);
});

test('whatever a module raises while it is imported is a fault', async (t) => {
  const check = await service(t, 'LIMIT = 1 / 0\n');
  await assert.rejects(check, /shop\/handlers\/buy\.py:1: ZeroDivisionError: division by zero/);
});

test('a handler that is not there is a fault', async (t) => {
  const check = await service(t, 'handle = None\n');
  await assert.rejects(check, /shop\/handlers\/buy\.py:1: has no function handle/);
  const elsewhere = await service(t, '', { name: 'shop.handlers.sell.handle' });
  await assert.rejects(elsewhere, /No module named 'shop\.handlers\.sell'/);
});

test('handlers see their variables, and expressions in place of what only a deployment knows', async (t) => {
  const text = 'import os\nassert (os.environ["STAGE"], os.environ["MAX"]) == ("local", "5")\nos.environ["TABLE"]\ndef handle(e, c): ...\n';
  await (await service(t, text, { environment: { MAX: '5', TABLE: { Ref: 'Table' } } }))();
});
