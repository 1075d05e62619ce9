'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { findInterpreter, withBytecode } = require('../bytecode.cjs');

const files = (sources) => Object.fromEntries(Object.entries(sources).map(([name, text]) => [name, Buffer.from(text)]));
const python = () => findInterpreter('python3.13', 'python3');

test('there is no interpreter for a runtime of which none is installed', async () => {
  assert.equal(await findInterpreter('python3.99'), undefined);
});

test('an interpreter that does not run is not one', async () => {
  assert.equal(await findInterpreter('python3.13', '/nonexistent/python'), undefined);
});

test('bytecode stands beside the sources that are kept', async () => {
  const { version, program } = await python();
  const tag = version.split(' ')[1];
  const made = await withBytecode(files({ 'orders/a.py': 'A = 1\n' }), { program }, { keepSources: true });
  assert.deepEqual(Object.keys(made).sort(), [`orders/__pycache__/a.${tag}.pyc`, 'orders/a.py']);
});

test('bytecode takes the place of the others', async () => {
  const made = await withBytecode(files({ 'a/__init__.py': '', 'a/b.so': '' }), await python(), { keepSources: false });
  assert.deepEqual(Object.keys(made).sort(), ['a/__init__.pyc', 'a/b.so']);
});

test('a file that is no Python of this version is shipped as it is', async () => {
  const made = await withBytecode(files({ 'template.py': 'print "x"\n' }), await python(), { keepSources: false });
  assert.equal(Buffer.from(made['template.py']).toString(), 'print "x"\n');
});

test('the same sources give the same bytecode, whatever is compiled with them', async () => {
  const source = 'NAMES = frozenset({"a", "b", "c", "d"})\ndef f(x, y=("a", 1)):\n    return x in {"a", "b"}\n';
  const alone = await withBytecode(files({ 'b.py': source }), await python(), { keepSources: false });
  const among = await withBytecode(files({ 'a.py': `# x\n${source}`, 'b.py': source }), await python(), { keepSources: false });
  assert.deepEqual(among['b.pyc'], alone['b.pyc']);
});
