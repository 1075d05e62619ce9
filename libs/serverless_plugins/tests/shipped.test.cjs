'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { shippedAs } = require('../shipped.cjs');

const EXTENSION = 'pydantic_core/_pydantic_core.cpython-313-aarch64-linux-gnu.so';

test('modules that are imported are shipped under their own names', () => {
  const reached = new Set(['pydantic/main.py', EXTENSION, 'latest/contests.py']);
  for (const name of reached) assert.equal(shippedAs(name, reached), name);
});

test('modules that nothing imports are left out', () => {
  for (const name of ['pydantic/v1/main.py', 'jinja2/sandbox.py', EXTENSION]) {
    assert.equal(shippedAs(name, new Set()), undefined, name);
  }
});

test('files of ours that are no modules are shipped', () => {
  for (const name of ['restaurants/templates/index.html', 'service_kit/aws/aws_roots.pem']) {
    assert.equal(shippedAs(name, new Set(), true), name);
  }
});

test('files of a library that are no modules come with the modules of their folder', () => {
  const reached = new Set(['lib/pages/__init__.py']);
  assert.equal(shippedAs('lib/pages/page.css', reached, false), 'lib/pages/page.css');
  assert.equal(shippedAs('lib/other/page.css', reached, false), undefined);
});

test('what does not run, and what the runtime brings, is left out', () => {
  for (const name of [
    'bin/jp.py',
    'numpy/tests/test_a.py',
    'pydantic/__pycache__/main.cpython-311.pyc',
    'pydantic/py.typed',
    'a/b.pyi',
    'pydantic-2.0.dist-info/METADATA',
    'jmespath/parser.py',
    'six.py',
  ]) {
    assert.equal(shippedAs(name, new Set([name])), undefined, name);
  }
});

test('licences are kept, apart from what marks an installed distribution', () => {
  assert.equal(shippedAs('pydantic-2.0.dist-info/licenses/LICENSE', new Set()), 'licenses/pydantic-2.0/LICENSE');
  assert.equal(shippedAs('jmespath-1.1.dist-info/LICENSE.txt', new Set()), 'licenses/jmespath-1.1/LICENSE.txt');
});
