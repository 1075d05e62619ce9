'use strict';

const { createHash } = require('node:crypto');
const { readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const PREFIX = 'assets/';
const FOREVER = 'public, max-age=31536000, immutable';
/** The tag by which the bucket's lifecycle rule finds what is to be deleted. */
const REPLACED = 'replaced=true';
const CONTENT_TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};
const HASH_CHARS = 32;

/**
 * Stores the files of pages in a bucket of the stack, under names with the hash of their content:
 * `custom.storedAssets: {folders, bucket}` names the folders and the bucket's logical id.
 *
 * They are stored before the functions change, since a new page may be answered by another version of them than its files are,
 * while traffic shifts. A bucket that the deployment creates is filled after it. Files that are no longer current are copied
 * onto themselves with a tag, once: that makes them new to the bucket's lifecycle rule, which counts days since an object was
 * written. What is stored already is not stored again, unless it carries the tag.
 */
class StoredAssets {
  constructor(serverless, options, { log }) {
    this.serverless = serverless;
    this.log = log;
    this.hooks = {
      'before:aws:deploy:deploy:updateStack': () => this.store(),
      'after:aws:deploy:deploy:updateStack': async () => {
        await this.store();
        await this.retire();
      },
    };
  }

  get settings() {
    return this.serverless.service.custom.storedAssets;
  }

  get current() {
    this.files ??= new Map(
      this.settings.folders.flatMap((folder) => [...hashedFiles(path.join(this.serverless.serviceDir, folder))]),
    );
    return this.files;
  }

  async store() {
    const bucket = await this.bucket();
    if (!bucket) return;
    const stored = await bucket.keys();
    const missing = await filtered([...this.current.keys()], async (key) => !stored.includes(key) || bucket.isReplaced(key));
    await Promise.all(missing.map((key) => bucket.put(key, this.current.get(key))));
    if (missing.length) this.log.info(`Stored ${missing.length} of ${this.current.size} files of the pages`);
  }

  async retire() {
    const bucket = await this.bucket();
    const old = (await bucket.keys()).filter((key) => !this.current.has(key));
    const unmarked = await filtered(old, async (key) => !(await bucket.isReplaced(key)));
    await Promise.all(unmarked.map((key) => bucket.retire(key)));
  }

  /** The bucket, or nothing before the stack has it. */
  async bucket() {
    this.found ??= await findBucket(this.serverless.getProvider('aws'), this.settings.bucket);
    return this.found;
  }
}

/** The files of a folder by their keys in the bucket, such as `assets/app.<hash>.js`. */
function hashedFiles(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => CONTENT_TYPES[path.extname(name)]);
  return new Map(
    names.map((name) => {
      const content = readFileSync(path.join(folder, name));
      const hash = createHash('sha256').update(content).digest('hex').slice(0, HASH_CHARS);
      const { dir, name: stem, ext } = path.posix.parse(name.split(path.sep).join('/'));
      return [path.posix.join(PREFIX, dir, `${stem}.${hash}${ext}`), content];
    }),
  );
}

async function findBucket(aws, logicalId) {
  const { DescribeStackResourceCommand } = require('@aws-sdk/client-cloudformation');
  const { S3Client } = require('@aws-sdk/client-s3');
  const cloudFormation = await aws.getCloudFormationClient();
  const asked = new DescribeStackResourceCommand({ StackName: aws.naming.getStackName(), LogicalResourceId: logicalId });
  const { StackResourceDetail: found } = await cloudFormation.send(asked).catch((error) => {
    if (error.name === 'ValidationError') return {};
    throw error;
  });
  if (!found?.PhysicalResourceId) return undefined;
  return new Bucket(new S3Client(await aws.getAwsSdkV3Config()), found.PhysicalResourceId);
}

class Bucket {
  constructor(s3, name) {
    this.s3 = s3;
    this.name = name;
  }

  async keys() {
    const { paginateListObjectsV2 } = require('@aws-sdk/client-s3');
    const keys = [];
    for await (const page of paginateListObjectsV2({ client: this.s3 }, { Bucket: this.name, Prefix: PREFIX })) {
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
    }
    return keys;
  }

  async isReplaced(key) {
    const { GetObjectTaggingCommand } = require('@aws-sdk/client-s3');
    const { TagSet } = await this.s3.send(new GetObjectTaggingCommand({ Bucket: this.name, Key: key }));
    return TagSet.some(({ Key, Value }) => `${Key}=${Value}` === REPLACED);
  }

  async put(key, content) {
    const { PutObjectCommand } = require('@aws-sdk/client-s3');
    await this.s3.send(new PutObjectCommand({ Bucket: this.name, Key: key, Body: content, ...headersOf(key) }));
  }

  async retire(key) {
    const { CopyObjectCommand } = require('@aws-sdk/client-s3');
    await this.s3.send(
      new CopyObjectCommand({
        Bucket: this.name,
        Key: key,
        CopySource: encodeURI(`${this.name}/${key}`),
        // S3 refuses a copy of an object onto itself that replaces no metadata.
        MetadataDirective: 'REPLACE',
        ...headersOf(key),
        TaggingDirective: 'REPLACE',
        Tagging: REPLACED,
      }),
    );
  }
}

function headersOf(key) {
  return { ContentType: CONTENT_TYPES[path.posix.extname(key)], CacheControl: FOREVER };
}

async function filtered(keys, isWanted) {
  const wanted = await Promise.all(keys.map(isWanted));
  return keys.filter((_, index) => wanted[index]);
}

module.exports = StoredAssets;
module.exports.hashedFiles = hashedFiles;
