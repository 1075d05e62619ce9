'use strict';

const PLACEHOLDER = /\{(deployer|environment|service|stage|readable|route|table|pages)\}/;
// ARNs name no region, since IAM limits the characters; a condition on the call's region takes its place.
const REGION = '${AWS::Region}';
// Their calls have no region, or that of a shared endpoint.
const GLOBAL = ['cloudfront', 'iam', 's3'];

/**
 * Expands the placeholders of policy statements: a text with `{stage}` becomes one text per stage. Texts that another
 * pattern covers are left out, since policies are limited in length. Statements with a region apply to all allowed regions.
 *
 * `{readable}` are the stages that may be read: the stages themselves, and the base of partial previews. A statement is left out
 * when nothing is there of what its resources name, such as tables.
 */
function expand(statements, names) {
  return statements
    .map(({ Comment, ...statement }) => inTexts(inRegions(statement, names.regions), names))
    .filter(({ Resource }) => Resource.length > 0);
}

function inRegions(statement, regions) {
  const services = new Set(statement.Action.map((action) => action.split(':')[0]));
  if ([...services].every((service) => GLOBAL.includes(service))) return statement;
  const { Condition: { StringEquals, ...others } = {}, ...anywhere } = JSON.parse(JSON.stringify(statement).replaceAll(REGION, '*'));
  return { ...anywhere, Condition: { StringEquals: { ...StringEquals, 'aws:RequestedRegion': regions }, ...others } };
}

function inTexts(node, names) {
  if (typeof node === 'string') {
    const texts = combinations(node, names);
    return texts.length === 1 ? substituted(texts[0]) : texts.map(substituted);
  }
  if (Array.isArray(node)) return uncovered(node.flatMap((text) => combinations(text, names))).map(substituted);
  if (node && typeof node === 'object') {
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inTexts(value, names)]));
  }
  return node;
}

function combinations(text, names) {
  const match = PLACEHOLDER.exec(text);
  if (!match) return [text];
  return names[match[1]].flatMap((name) => combinations(text.replaceAll(match[0], name), names));
}

function uncovered(texts) {
  return [...new Set(texts)].filter((text, _, all) => !all.some((other) => other !== text && covers(other, text)));
}

/** Whether a pattern that ends in `*` matches all that another pattern does. */
function covers(pattern, text) {
  return pattern.endsWith('*') && pattern !== '*' && text.startsWith(pattern.slice(0, -1));
}

function substituted(pattern) {
  // What follows any text needs no slash before it.
  const text = pattern.replace(/\*\/\*$/, '*');
  return text.includes('${') ? { 'Fn::Sub': text } : text;
}

module.exports = { expand };
