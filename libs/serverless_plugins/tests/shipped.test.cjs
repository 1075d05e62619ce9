'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { shippedAs } = require('../shipped.cjs');

test('what runs is shipped under its own name', () => {
  for (const name of [
    'pydantic/main.py',
    'pydantic_core/_pydantic_core.cpython-313-aarch64-linux-gnu.so',
    'aws_lambda_powertools/utilities/__init__.py',
    'aws_lambda_powertools/utilities/batch/base.py',
    'latest/contests.py',
  ]) {
    assert.equal(shippedAs(name), name);
  }
});

test('what does not run is left out', () => {
  for (const name of [
    'bin/jp.py',
    'numpy/tests/test_a.py',
    'pydantic/__pycache__/main.cpython-311.pyc',
    'pydantic/py.typed',
    'a/b.pyi',
    'pydantic-2.0.dist-info/METADATA',
    'pydantic/v1/main.py',
    'pydantic/deprecated/tools.py',
    'jinja2/sandbox.py',
    'jmespath/parser.py',
    'aws_lambda_powertools/event_handler/api_gateway.py',
    'aws_lambda_powertools/utilities/kafka/__init__.py',
  ]) {
    assert.equal(shippedAs(name), undefined, name);
  }
});

test('licences are kept, apart from what marks an installed distribution', () => {
  assert.equal(shippedAs('pydantic-2.0.dist-info/licenses/LICENSE'), 'licenses/pydantic-2.0/LICENSE');
  assert.equal(shippedAs('jmespath-1.1.dist-info/LICENSE.txt'), 'licenses/jmespath-1.1/LICENSE.txt');
});
