'use strict';

const { createHash, randomBytes } = require('node:crypto');
const { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } = require('node:fs/promises');
const path = require('node:path');

const DIGEST_BYTES = 32;
const UNUSED_DAYS = 14;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Bytes that were made from known content, in a folder, by the hash of that content.
 *
 * An entry begins with the hash of what follows. One that was cut short or altered is not found and is made again;
 * two programs that write the same entry at once do no harm.
 */
class ContentCache {
  constructor(folder) {
    this.folder = folder;
  }

  /** @returns {Promise<Buffer>} what is kept for a key, or else what `make` gives, which is then kept */
  async get(key, make) {
    return (await this.read(key)) ?? this.write(key, await make());
  }

  async read(key) {
    const file = path.join(this.folder, key);
    const entry = await readFile(file).catch(() => undefined);
    const content = entry?.subarray(DIGEST_BYTES);
    if (!content || !digest(content).equals(entry.subarray(0, DIGEST_BYTES))) return undefined;
    await utimes(file, new Date(), new Date());
    return content;
  }

  async write(key, bytes) {
    const content = Buffer.from(bytes);
    await mkdir(this.folder, { recursive: true });
    const unfinished = path.join(this.folder, `${key}.${randomBytes(6).toString('hex')}`);
    await writeFile(unfinished, Buffer.concat([digest(content), content]));
    await rename(unfinished, path.join(this.folder, key));
    await this.dropUnused();
    return content;
  }

  async dropUnused() {
    for (const name of await readdir(this.folder)) {
      const file = path.join(this.folder, name);
      const found = await stat(file).catch(() => undefined);
      if (found && Date.now() - found.mtimeMs > UNUSED_DAYS * DAY_MS) await rm(file, { force: true });
    }
  }
}

function digest(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** @returns {string} a key for files by their names, their content, and whatever else decides what is made of them */
function keyOf(files, ...others) {
  const described = Object.keys(files).sort().map((name) => [name, digest(files[name]).toString('hex')]);
  return digest(JSON.stringify([described, others])).toString('hex');
}

module.exports = { ContentCache, keyOf };
