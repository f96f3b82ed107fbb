import { appendFile, mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isUnchanged, rememberProfile } from './remember-profile.ts';

const LARGE_BYTES = 2_000_000;
const PREFERENCES = {
  homepage: 'https://shop.example',
  protection: { super_mac: 'A1' },
  schedule_to_flush_to_disk: '1',
  sessions: { event_log: [{ time: '1' }], kept: true },
  google: { services: { signin_scoped_device_id: 'one', account_id: '' } },
};
const LOCAL_STATE = { user_experience_metrics: { session_id: 1 }, profile: { last_used: 'Default' } };

interface Fixture {
  root: string;
  at(name: string): string;
  write(name: string, content: string | Buffer): Promise<void>;
}

const t = suite<Fixture>('a profile after its restore');
t.before.each(async (context) => {
  context.root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-remember-'));
  context.at = (name) => path.join(context.root, name);
  context.write = async (name, content) => {
    await mkdir(path.dirname(context.at(name)), { recursive: true });
    await writeFile(context.at(name), content);
  };
  await context.write('Local State', JSON.stringify(LOCAL_STATE));
  await context.write('Default/Preferences', JSON.stringify(PREFERENCES));
  await context.write('Default/Cookies', 'cookies');
  await context.write('Default/IndexedDB/blob', Buffer.alloc(LARGE_BYTES, 1));
  await context.write('Default/Session Storage/000003.log', 'tabs');
});
t.after.each(({ root }) => rm(root, { recursive: true, force: true }));

const CHANGES: Readonly<Record<string, (fixture: Fixture) => Promise<unknown>>> = {
  'a file was written': ({ write }) => write('Default/Cookies', 'COOKIES'),
  'a file became longer': ({ at }) => appendFile(at('Default/Cookies'), 'x'),
  'a large file was written, with its time set back': async ({ at, write }) => {
    await write('Default/IndexedDB/blob', Buffer.alloc(LARGE_BYTES, 2));
    await utimes(at('Default/IndexedDB/blob'), 1, 1);
  },
  // Nobody reads so much to be told that it was for nothing.
  'a large file was written, with what it held': ({ write }) =>
    write('Default/IndexedDB/blob', Buffer.alloc(LARGE_BYTES, 1)),
  'a file is new': ({ write }) => write('Default/History', 'h'),
  'a file is gone': ({ at }) => rm(at('Default/Cookies')),
  'a file has another name': ({ at }) => rename(at('Default/Cookies'), at('Default/Kekse')),
  'a setting has changed': ({ write }) =>
    write('Default/Preferences', JSON.stringify({ ...PREFERENCES, homepage: 'https://other.example' })),
  'a setting beside a volatile one has changed': ({ write }) =>
    write(
      'Default/Preferences',
      JSON.stringify({ ...PREFERENCES, sessions: { event_log: [], kept: false } }),
    ),
  'the settings cannot be read any more': ({ write }) => write('Default/Preferences', '{"homepage":'),
  "a site's own file is called as one of LevelDB's folders": ({ write }) =>
    write('Default/File System/000/shared_proto_db', 'x'),
  'a journal holds something': ({ write }) => write('Default/Cookies-journal', 'x'),
};

for (const [name, change] of Object.entries(CHANGES)) {
  t(`has changed when ${name}`, async (fixture) => {
    const remembered = rememberProfile(fixture.root);
    await change(fixture);
    assert.is(isUnchanged(fixture.root, remembered), false);
  });
}

const SAME: Readonly<Record<string, (fixture: Fixture) => Promise<unknown>>> = {
  'nobody touched it': async () => {},
  'a file was written with what it held': async ({ at, write }) =>
    write('Default/Cookies', await readFile(at('Default/Cookies'))),
  'Chrome noted its start and end': async ({ write }) => {
    const { google, sessions } = PREFERENCES;
    await write(
      'Default/Preferences',
      JSON.stringify({
        ...PREFERENCES,
        protection: { super_mac: 'B2' },
        schedule_to_flush_to_disk: '2',
        sessions: { ...sessions, event_log: [{ time: '1' }, { time: '2' }] },
        google: { services: { ...google.services, signin_scoped_device_id: 'two' } },
      }),
    );
    await write(
      'Local State',
      JSON.stringify({ ...LOCAL_STATE, user_experience_metrics: { session_id: 2 } }),
    );
  },
  'LevelDB noted that it was opened': async ({ write }) => {
    await write('Default/Local Storage/leveldb/LOG', 'Reusing MANIFEST');
    await write('Default/Local Storage/leveldb/LOG.old', '');
  },
  'only sessionStorage and counts of features changed': async ({ write }) => {
    await write('Default/Session Storage/000003.log', 'other tabs');
    await write('Default/shared_proto_db/000003.log', 'counts');
  },
  'a database was opened, and left an empty journal': ({ write }) => write('Default/Cookies-journal', ''),
  'only what is left out came and went': async ({ at, write }) => {
    await write('Default/Cache/data_0', 'cache');
    await mkdir(at('Default/blob_storage/5d1f'), { recursive: true });
  },
};

for (const [name, change] of Object.entries(SAME)) {
  t(`is the same when ${name}`, async (fixture) => {
    const remembered = rememberProfile(fixture.root);
    await change(fixture);
    assert.is(isUnchanged(fixture.root, remembered), true);
  });
}

t.run();
