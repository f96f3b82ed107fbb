import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quietPreferences } from './quiet-preferences.ts';

const t = suite('preferences that keep Chrome quiet');
let folder: string;
t.before.each(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'preferences-'));
});
t.after.each(() => rmSync(folder, { recursive: true }));

const file = () => path.join(folder, 'Default', 'Preferences');
const read = () => JSON.parse(readFileSync(file(), 'utf8'));
const give = (text: string) => {
  mkdirSync(path.join(folder, 'Default'));
  writeFileSync(file(), text);
};

t('are those of a new profile', () => {
  quietPreferences(folder, undefined);
  assert.equal(read(), { alternate_error_pages: { enabled: false } });
});

t('are added to those of a profile, once', () => {
  give('{"a":{"b":1},"alternate_error_pages":{"enabled":true}}');
  quietPreferences(folder, undefined);
  assert.equal(read(), { a: { b: 1 }, alternate_error_pages: { enabled: false } });
  const { ino, mtimeMs } = statSync(file());
  quietPreferences(folder, undefined);
  assert.equal([statSync(file()).ino, statSync(file()).mtimeMs], [ino, mtimeMs]);
});

for (const broken of ['', '{"a":', '[]', 'null'])
  t(`replace what is none: ${broken || 'nothing'}`, () => {
    give(broken);
    quietPreferences(folder, undefined);
    assert.equal(read(), { alternate_error_pages: { enabled: false } });
  });

t.run();
