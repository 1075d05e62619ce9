'use strict';

const assert = require('node:assert/strict');
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { afterEach, beforeEach, test } = require('node:test');

const { S3Client } = require('@aws-sdk/client-s3');

const StoredAssets = require('../stored_assets.cjs');

const LOG = { info() {} };
let folder;
let send;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bigmouth-assets-'));
  ({ send } = S3Client.prototype);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  S3Client.prototype.send = send;
});

/** A bucket in memory, with what a stack has of it. */
class FakeBucket {
  constructor() {
    this.exists = true;
    this.objects = new Map();
    this.writes = [];
    const bucket = this;
    S3Client.prototype.send = async (command) => bucket[command.constructor.name](command.input);
  }

  get marked() {
    return [...this.objects].filter(([, tagging]) => tagging === 'replaced=true').map(([key]) => key);
  }

  ListObjectsV2Command({ Bucket, Prefix }) {
    assert.deepEqual([Bucket, Prefix], ['web-test-assetsbucket-1', 'assets/']);
    return { Contents: [...this.objects.keys()].map((Key) => ({ Key })) };
  }

  GetObjectTaggingCommand({ Key }) {
    const tagging = this.objects.get(Key);
    return { TagSet: tagging ? [{ Key: tagging.split('=')[0], Value: tagging.split('=')[1] }] : [] };
  }

  PutObjectCommand({ Key, ContentType, CacheControl }) {
    assert.equal(CacheControl, 'public, max-age=31536000, immutable');
    this.writes.push([Key.replace(/[0-9a-f]{32}/, 'HASH'), ContentType]);
    this.objects.set(Key, '');
  }

  CopyObjectCommand({ Bucket, Key, CopySource, MetadataDirective, TaggingDirective, Tagging }) {
    assert.equal(CopySource, `${Bucket}/${Key}`);
    assert.deepEqual([MetadataDirective, TaggingDirective], ['REPLACE', 'REPLACE']);
    this.writes.push(['mark', Key.replace(/[0-9a-f]{32}/, 'HASH')]);
    this.objects.set(Key, Tagging);
  }
}

/** What a deployment does of it, with the hooks of the plugin. */
async function deploy(bucket, files, { update = () => {} } = {}) {
  rmSync(path.join(folder, 'assets'), { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, 'assets', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const aws = {
    naming: { getStackName: () => 'web-test' },
    getAwsSdkV3Config: async () => ({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }),
    getCloudFormationClient: async () => ({
      async send({ input }) {
        assert.deepEqual(input, { StackName: 'web-test', LogicalResourceId: 'AssetsBucket' });
        if (!bucket.exists) throw Object.assign(new Error('does not exist'), { name: 'ValidationError' });
        return { StackResourceDetail: { PhysicalResourceId: 'web-test-assetsbucket-1' } };
      },
    }),
  };
  const service = { custom: { storedAssets: { folders: ['assets'], bucket: 'AssetsBucket' } } };
  const { hooks } = new StoredAssets({ serviceDir: folder, service, getProvider: () => aws }, {}, { log: LOG });
  bucket.writes = [];
  await hooks['before:aws:deploy:deploy:updateStack']();
  await update();
  await hooks['after:aws:deploy:deploy:updateStack']();
}

const names = (bucket) => [...bucket.objects.keys()].map((key) => key.replace(/[0-9a-f]{32}/, 'HASH'));

test('files are stored with the hash of their content in the name, with their content type', async () => {
  const bucket = new FakeBucket();
  await deploy(bucket, { 'app.js': '1', 'images/a.svg': '<svg/>', 'style.css': '', 'notes.txt': '' });
  assert.deepEqual(bucket.writes.sort(), [
    ['assets/app.HASH.js', 'text/javascript; charset=utf-8'],
    ['assets/images/a.HASH.svg', 'image/svg+xml; charset=utf-8'],
    ['assets/style.HASH.css', 'text/css; charset=utf-8'],
  ]);
  assert.ok(bucket.objects.has('assets/app.6b86b273ff34fce19d6b804eff5a3f57.js'));
});

test('a bucket that the deployment creates is filled after it', async () => {
  const bucket = new FakeBucket();
  bucket.exists = false;
  await deploy(bucket, { 'app.js': '1' }, { update: () => (bucket.exists = true) });
  assert.deepEqual(names(bucket), ['assets/app.HASH.js']);
});

test('new files are there before the functions change, and old ones are marked after it', async () => {
  const bucket = new FakeBucket();
  await deploy(bucket, { 'app.js': '1' });
  const old = [...bucket.objects.keys()];
  await deploy(bucket, { 'app.js': '2' }, {
    update: () => {
      assert.deepEqual(names(bucket), ['assets/app.HASH.js', 'assets/app.HASH.js']);
      assert.deepEqual(bucket.marked, []);
    },
  });
  assert.deepEqual(bucket.marked, old);
});

test('an unchanged file is not written again, nor is one that is marked already', async () => {
  const bucket = new FakeBucket();
  await deploy(bucket, { 'app.js': '1', 'style.css': 'a' });
  await deploy(bucket, { 'app.js': '2', 'style.css': 'a' });
  assert.deepEqual(bucket.writes, [['assets/app.HASH.js', 'text/javascript; charset=utf-8'], ['mark', 'assets/app.HASH.js']]);
  await deploy(bucket, { 'app.js': '2', 'style.css': 'a' });
  assert.deepEqual(bucket.writes, []);
});

test('a file that is current again loses its mark', async () => {
  const bucket = new FakeBucket();
  await deploy(bucket, { 'app.js': '1' });
  const [first] = bucket.objects.keys();
  await deploy(bucket, { 'app.js': '2' });
  await deploy(bucket, { 'app.js': '1' });
  assert.equal(bucket.objects.get(first), '');
  assert.deepEqual(bucket.marked.length, 1);
});

test('nothing is marked when the deployment fails', async () => {
  const bucket = new FakeBucket();
  await deploy(bucket, { 'app.js': '1' });
  const failing = deploy(bucket, { 'app.js': '2' }, { update: () => Promise.reject(new Error('rolled back')) });
  await assert.rejects(failing, /rolled back/);
  assert.deepEqual(bucket.marked, []);
});
