'use strict';

// Classifies what changed between two versions of contracts.
//
//     node contract_changes.cjs FILE    FILE: [{name, kind, before, after}], where kind is "api" for an OpenAPI document and
//                                       "event" for the JSON Schema of an event. Prints [{name, what, isBreaking}].

const { readFileSync } = require('node:fs');

const { apiDiff } = require('api-smart-diff');

const OF_WORDS = /\/(title|description|summary|examples?|links|operationId|tags|default)(\/|$)/;
const IN_ANSWER = /\/responses\//;

function changesOf({ name, kind, before, after }) {
  const [earlier, later] = [before, after].map((document) => plain(kind === 'event' ? asAnswer(document) : document));
  const changes = new Map();
  for (const change of apiDiff(earlier, later)) {
    const path = pathOf(change);
    // What is under `components` is seen where a route uses it.
    if (change.path[0] !== 'paths' || OF_WORDS.test(path)) continue;
    const what = `${VERBS[change.action]} ${shown(named(change, path), kind)}${values(change)}`;
    changes.set(what, (changes.get(what) ?? false) || isBreaking(change, path));
  }
  return [...changes].map(([what, breaks]) => ({ name, what, isBreaking: breaks }));
}

const VERBS = { add: 'added', remove: 'removed', replace: 'changed', rename: 'renamed' };

/** The library compares requests and answers as far as it can tell; it is too lax with what is read of an answer. */
function isBreaking({ action, type }, path) {
  if (IN_ANSWER.test(path)) {
    if (action === 'remove' && /\/properties\/[^/]+$/.test(path)) return true;
    if (action !== 'add' && /\/(type|anyOf|oneOf|format|items|const)(\/|$)/.test(path)) return true;
    if (action === 'add' && /\/type\/\d+$/.test(path)) return true;
    if (action === 'add' && /\/required\/\d+$/.test(path)) return false;
  } else if (action === 'replace' && /\/(type|anyOf|oneOf|format|const)(\/|$)/.test(path)) return true;
  return type === 'breaking';
}

/** `anyOf: [X, null]`, as pydantic writes an optional value, in the form that can be compared: one schema of two types. */
function plain(node) {
  if (Array.isArray(node)) return node.map(plain);
  if (node === null || typeof node !== 'object') return node;
  const made = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, plain(value)]));
  const { anyOf, ...others } = made;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return made;
  const value = anyOf.find((one) => one.type !== 'null');
  if (typeof value?.type !== 'string' || !anyOf.some((one) => one.type === 'null')) return made;
  return { ...value, ...others, type: [value.type, 'null'] };
}

/** Consumers read an event as clients read an answer. */
function asAnswer(schema) {
  const content = { 'application/json': { schema } };
  return {
    openapi: '3.1.0',
    info: { title: 'event', version: '1' },
    paths: { '/event': { get: { responses: { 200: { description: 'event', content } } } } },
  };
}

/** The path with the name of a required field, or an allowed value, in the place of its index. */
function named({ before, after }, path) {
  return path.replace(/\/(required|enum)\/\d+$/, (_, list) => `/${list} ${before ?? after}`);
}

function pathOf({ path }) {
  return `/${path.map((part) => String(part).replaceAll('/', '~')).join('/')}`;
}

function shown(path, kind) {
  const [, , route, method, ...rest] = path.split('/');
  const place = rest
    .join('/')
    .replace(/^responses\//, 'answer ')
    .replace(/^requestBody/, 'body')
    .replace(/\/?content\/[^/]*\/schema/, '')
    .replace(/^answer 200\/?/, kind === 'event' ? '' : 'answer 200 ')
    .replaceAll(/\/?properties\//g, '.')
    .replaceAll(/\/items(?=[./]|$)/g, '[]')
    .replaceAll('~', '/')
    .replace(/(^| )\./, '$1')
    .replace(/\/(required|enum) /, ' $1 ');
  if (kind === 'event') return place;
  return [method?.toUpperCase(), route.replaceAll('~', '/'), place].filter(Boolean).join(' ').trim();
}

function values({ action, before, after }) {
  if (action !== 'replace' || [before, after].some((value) => typeof value === 'object')) return '';
  return `: ${before} -> ${after}`;
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(process.argv[2], 'utf8')).flatMap(changesOf)));
