import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejectionOf, serveServices, withFolder } from '../testing/serve-services.ts';
import { MAX_OLD_VERSIONS } from './old-versions.ts';
import { createS3Api } from './s3-api.ts';

const Bucket = 'profiles';
const Key = 'p/c/profile';
const DAY_MS = 86_400_000;
const START = Date.parse('2026-06-01T00:00:00.000Z');

const t = suite('versions of an object');

interface Machine {
  readonly client: S3Client;
  readonly api: ReturnType<typeof createS3Api>;
  /** The same folder, opened again. */
  restart(): ReturnType<typeof createS3Api>;
  pass(days: number): void;
}

const serve =
  (use: (machine: Machine) => Promise<void>, oldVersionDays: number | null = 30) =>
  () =>
    withFolder(async (folder) => {
      let now = START;
      const open = () =>
        createS3Api({
          buckets: [{ name: Bucket, expiry: [], oldVersionDays, readableFrom: [] }],
          folder,
          now: () => new Date(now),
        });
      const api = open();
      // The signer has the time of this machine.
      const served = await serveServices({ s3: api });
      const client = newClient(served.client);
      const pass = (days: number) => {
        now += days * DAY_MS;
      };
      try {
        await use({ client, api, restart: open, pass });
      } finally {
        client.destroy();
        await served.close();
      }
    });

const newClient = (config: S3ClientConfig): S3Client =>
  new S3Client({ ...config, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' });

const put = async ({ client }: Machine, Body: string) =>
  (await client.send(new PutObjectCommand({ Bucket, Key, Body, Metadata: { by: Body } }))).VersionId;
const versions = async ({ client }: Machine) =>
  (await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }))).Versions ?? [];
const read = async ({ client }: Machine, VersionId?: string) =>
  (await client.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
const remove = ({ client }: Machine, VersionId?: string) =>
  client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));

t(
  'are read by their id, newest first',
  serve(async (machine) => {
    const ids = [await put(machine, 'one'), await put(machine, 'two'), await put(machine, 'three')].reverse();
    const found = await versions(machine);
    assert.equal(
      found.map(({ VersionId, IsLatest, Size }) => [VersionId, IsLatest, Size]),
      [
        [ids[0], true, 5],
        [ids[1], false, 3],
        [ids[2], false, 3],
      ],
    );
    assert.equal(await Promise.all(ids.map((id) => read(machine, id))), ['three', 'two', 'one']);
    assert.is((await rejectionOf(read(machine, 'x'))).name, 'NoSuchVersion');
    assert.is((await rejectionOf(read(machine, '../objects'))).name, 'NoSuchVersion');
  }),
);

t(
  'are few, and the oldest go first',
  serve(async (machine) => {
    for (let count = 0; count < MAX_OLD_VERSIONS + 3; count++) await put(machine, String(count));
    const found = await Promise.all(
      (await versions(machine)).map(({ VersionId }) => read(machine, VersionId)),
    );
    assert.equal(found, ['7', '6', '5', '4', '3', '2']);
  }),
);

t(
  'go so many days after they were replaced, however old they are',
  serve(async (machine) => {
    await put(machine, 'one');
    machine.pass(100);
    await put(machine, 'two');
    machine.pass(29);
    assert.is(await machine.api.expire(), 0);
    machine.pass(1);
    assert.is(await machine.api.expire(), 1);
    assert.is((await versions(machine)).length, 1);
    machine.pass(1_000);
    assert.is(await machine.api.expire(), 0, 'the current one stays');
    assert.is(await read(machine), 'two');
  }),
);

t(
  'become the object again as a copy, with what it says of itself',
  serve(async (machine) => {
    const first = await put(machine, 'one');
    await put(machine, 'two');
    const CopySource = `${Bucket}/${Key}?versionId=${first}`;
    await machine.client.send(new CopyObjectCommand({ Bucket, Key, CopySource }));
    const { Body, Metadata } = await machine.client.send(new GetObjectCommand({ Bucket, Key }));
    assert.equal([await Body?.transformToString(), Metadata], ['one', { by: 'one' }]);
    assert.is((await versions(machine)).length, 3);
    for (const source of [
      `${Bucket}/${Key}?versionId=x`,
      `other/${Key}?versionId=${first}`,
      `${Bucket}/${Key}`,
    ])
      await rejectionOf(machine.client.send(new CopyObjectCommand({ Bucket, Key, CopySource: source })));
    assert.is(await read(machine), 'one');
  }),
);

t(
  'are deleted one by one, and of the current one the one before it is the object then',
  serve(async (machine) => {
    const [one, two, three] = [
      await put(machine, 'one'),
      await put(machine, 'two'),
      await put(machine, 'three'),
    ];
    await remove(machine, three);
    assert.is(await read(machine), 'two');
    await remove(machine, one);
    await remove(machine, two);
    await remove(machine, two);
    assert.is((await rejectionOf(read(machine))).name, 'NoSuchKey');
    assert.equal(await versions(machine), []);
    assert.is((await rejectionOf(remove(machine))).name, 'NotImplemented', 'none is hidden behind a marker');
  }),
);

t(
  'are there after a restart, also of what was put before there were any',
  serve(async (machine) => {
    await put(machine, 'one');
    await put(machine, 'two');
    const again = await serveServices({ s3: machine.restart() });
    const client = newClient(again.client);
    const restarted = { ...machine, client };
    await put(restarted, 'three');
    assert.is((await versions(restarted)).length, 3);
    client.destroy();
  }),
);

t(
  'are none where the bucket has none',
  serve(async (machine) => {
    assert.is(await put(machine, 'one'), undefined);
    await put(machine, 'two');
    assert.equal(
      (await versions(machine)).map(({ VersionId }) => VersionId),
      ['null'],
    );
    await remove(machine);
    assert.is((await rejectionOf(read(machine))).name, 'NoSuchKey');
  }, null),
);

t('of an object from before there were versions are kept as well', () =>
  withFolder(async (folder) => {
    const bucket = { name: Bucket, expiry: [], readableFrom: [] };
    mkdirSync(join(folder, 's3'));
    for (const [oldVersionDays, Body] of [
      [null, 'before'],
      [30, 'after'],
    ] as const) {
      const s3 = createS3Api({
        buckets: [{ ...bucket, oldVersionDays }],
        folder: join(folder, 's3'),
        now: () => new Date(),
      });
      const { client: config, close } = await serveServices({ s3 });
      const client = newClient(config);
      await client.send(new PutObjectCommand({ Bucket, Key, Body }));
      const read = async () =>
        (
          await client.send(new GetObjectCommand({ Bucket, Key, VersionId: 'null' }))
        ).Body?.transformToString();
      assert.is(await read(), 'before');
      client.destroy();
      await close();
    }
    rmSync(join(folder, 's3'), { recursive: true });
  }),
);

t.run();
