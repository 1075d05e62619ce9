'use strict';

// What Powertools' utilities need that this repository uses; the others are a sixth of the package.
const POWERTOOLS_UTILITIES = ['batch', 'data_classes', 'idempotency', 'jmespath_utils', 'parser', 'typing'];
// What the batch utility's types name.
const POWERTOOLS_EVENT_MODELS = ['__init__', 'cloudwatch', 'dynamodb', 'kafka', 'kinesis', 'sqs'];

const NOT_SHIPPED = [
  /(^|\/)__pycache__\//,
  /(^|\/)tests?\//,
  /\.pyi$/,
  /(^|\/)py\.typed$/,
  /^bin\//,
  /^\.lock$/,
  /^requirements\.txt$/,
  // What tools read about a distribution; nothing asks for it at run time. Licences are kept.
  /\.dist-info\//,
  // Comes with the runtime, as botocore needs it.
  /^jmespath\//,
  // The previous major version and what only it had, what may come, and a plugin for mypy.
  /^pydantic\/(v1\/|deprecated\/|experimental\/|color\.py$|mypy\.py$)/,
  // For templates of strangers, with extensions, or with values in place of text.
  /^jinja2\/(ext|meta|nativetypes|sandbox)\.py$/,
  // Routers and OpenAPI pages, for functions that answer many routes. Here API Gateway routes.
  /^aws_lambda_powertools\/event_handler\//,
  /^aws_lambda_powertools\/metrics\/provider\/datadog\//,
  /^aws_lambda_powertools\/utilities\/parser\/envelopes\//,
  new RegExp(`^aws_lambda_powertools/utilities/parser/models/(?!(${POWERTOOLS_EVENT_MODELS.join('|')})\\.py)`),
  new RegExp(`^aws_lambda_powertools/utilities/(?!(${POWERTOOLS_UTILITIES.join('|')})/)[^/]+/`),
];
const LICENCE = /^([^/]+)\.dist-info\/(?:licenses\/)?((?:.*\/)?(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)$/i;

/**
 * Tells where a third-party file stands in the package.
 *
 * @param {string} name its path below the folder that it was installed in
 * @returns {string | undefined} its path in the package, or nothing when it is not shipped
 */
function shippedAs(name) {
  const licence = LICENCE.exec(name);
  // Outside of *.dist-info, which programs that look for plugins would open one by one.
  if (licence) return `licenses/${licence[1]}/${licence[2]}`;
  return NOT_SHIPPED.some((unwanted) => unwanted.test(name)) ? undefined : name;
}

module.exports = { shippedAs };
