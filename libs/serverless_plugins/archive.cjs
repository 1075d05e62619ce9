'use strict';

const { readFile, readdir } = require('node:fs/promises');
const path = require('node:path');
const { zipSync } = require('fflate');

// The earliest date that a zip can carry, in local time as zips have it: an archive's hash must not depend on when,
// or in which time zone, it was made.
const FIXED_DATE = new Date(1980, 0, 1);
const END_BYTES = 22;
const ENTRY_BYTES = 46;

/** @returns {Promise<Record<string, Uint8Array>>} the files below a folder, by their name in a zip. */
async function readTree(folder, prefix = '') {
  const files = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    files[prefix + path.relative(folder, file).split(path.sep).join('/')] = await readFile(file);
  }
  return files;
}

/**
 * Zips files, sorted and with fixed dates and modes, so that the same files always give the same bytes. Node's own zlib
 * would be faster, but compresses differently by version and processor.
 */
function zipped(files) {
  const entries = Object.fromEntries(Object.keys(files).sort().map((name) => [name, files[name]]));
  // os 3 is Unix, which makes the reader apply the mode: a regular file that everyone may read.
  return zipSync(entries, { level: 6, mtime: FIXED_DATE, os: 3, attrs: 0o100644 << 16 });
}

/**
 * Makes one zip of several without compressing anything again. They must be as `zipped` makes them.
 *
 * @throws {Error} when two hold a file of the same name
 */
function joined(zips) {
  const contents = [];
  const directories = [];
  const names = new Set();
  let offset = 0;
  for (const zip of zips.map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) {
    const start = zip.readUInt32LE(zip.length - END_BYTES + 16);
    const directory = Buffer.from(zip.subarray(start, zip.length - END_BYTES));
    for (let at = 0; at < directory.length; ) {
      const nameBytes = directory.readUInt16LE(at + 28);
      const name = directory.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes);
      if (names.has(name)) throw new Error(`Two parts of the package hold the file ${name}.`);
      names.add(name);
      directory.writeUInt32LE(directory.readUInt32LE(at + 42) + offset, at + 42);
      at += ENTRY_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    contents.push(zip.subarray(0, start));
    directories.push(directory);
    offset += start;
  }
  const directory = Buffer.concat(directories);
  return Buffer.concat([...contents, directory, end(names.size, directory.length, offset)]);
}

function end(entries, directoryBytes, directoryStart) {
  const record = Buffer.alloc(END_BYTES);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(entries, 8);
  record.writeUInt16LE(entries, 10);
  record.writeUInt32LE(directoryBytes, 12);
  record.writeUInt32LE(directoryStart, 16);
  return record;
}

module.exports = { joined, readTree, zipped };
