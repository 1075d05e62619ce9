'use strict';

const { findInterpreter } = require('./bytecode.cjs');

/**
 * Prints the programs of this machine that a package depends on: the version of Node, and that of the interpreter that bytecode for a
 * Lambda runtime is made with, if there is one.
 *
 *     node tools.cjs python3.13
 */
async function main() {
  const interpreter = await findInterpreter(process.argv[2]);
  process.stdout.write(JSON.stringify({ node: process.version, interpreter: interpreter?.version }));
}

main();
