'use strict';

const path = require('node:path');

const { IN_THE_RUNTIME } = require('./imports.cjs');

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
  new RegExp(`^(${IN_THE_RUNTIME.join('|')})(/|\\.py$)`),
];
const MODULE = /\.(py|so)$/;
const LICENCE = /^([^/]+)\.dist-info\/(?:licenses\/)?((?:.*\/)?(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)$/i;

/**
 * Finds where a file stands in the package.
 *
 * @param {string} name its path below the folder that it was installed in
 * @param {Set<string>} reached the files of the modules that the functions import
 * @param {boolean} isOurs whether files that are no modules are shipped wherever they stand; a library's come with the modules
 *   of their folder
 * @returns {string | undefined} its path in the package, or nothing when it is not shipped
 */
function shippedAs(name, reached, isOurs) {
  const licence = LICENCE.exec(name);
  // Outside of *.dist-info, which a search for plugins would open one by one.
  if (licence) return `licenses/${licence[1]}/${licence[2]}`;
  if (NOT_SHIPPED.some((unwanted) => unwanted.test(name))) return undefined;
  if (MODULE.test(name)) return reached.has(name) ? name : undefined;
  return isOurs || [...reached].some((file) => path.dirname(file) === path.dirname(name)) ? name : undefined;
}

module.exports = { shippedAs };
