import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCommandLine } from './command-line.ts';
import { HELP } from './help.ts';
import type { Installation } from './installation.ts';
import { nameOption } from './options.ts';
import { UsageError } from './refusal.ts';
import { runCommand } from './run-command.ts';

const t = suite('the command line of admin');

function refusalOf(work: () => unknown): string {
  try {
    return `taken: ${JSON.stringify(work())}`;
  } catch (error) {
    assert.instance(error, UsageError);
    return (error as Error).message;
  }
}

const UNPRINTABLE: Readonly<Record<string, string>> = {
  'a control character': 'a\u0007b',
  'the start of an escape sequence': 'a\u001b[31mb',
  'a control character of 8 bits': 'a\u009b31mb',
  'an override of the direction': 'a\u202eb',
  'an isolate of the direction': 'a\u2066b',
  'a mark of the direction': 'a\u200fb',
  'a space without width': 'a\u200bb',
  'a separator of lines': 'a\u2028b',
  'half a character': 'a\ud800b',
  'a tag without shape': 'a\u{e0041}b',
};

for (const [what, name] of Object.entries(UNPRINTABLE)) {
  t(`refuses a name with ${what}`, () => {
    assert.is(
      refusalOf(() => nameOption('name', name)),
      '--name must be a text of 1 to 128 printable characters',
    );
  });
}

t('takes names in every script', () => {
  for (const name of ['Shop 2', "L'été", '商店', 'متجر', 'दुकान', 'shop 🛒'])
    assert.is(nameOption('name', ` ${name} `), name);
});

const NOWHERE = {} as Installation;

for (const [command, options] of [
  ['projects create', ['--name', 'a\u009bb']],
  ['projects create', ['--name', 'shop', '--owner', 'a\u202eb']],
  ['projects update', ['shop', '--name', 'a\u202eb']],
] as const) {
  t(`refuses an unprintable name in "${command}" before it asks for tables`, async () => {
    const line = parseCommandLine([...command.split(' '), ...options]);
    if (line === 'help') throw new Error('no help was asked for');
    const error = await runCommand(NOWHERE, line).catch((fault: unknown) => fault);
    assert.instance(error, UsageError);
    assert.match((error as Error).message, /printable characters/);
  });
}

for (const id of ['', ' ', '../x', 'x'.repeat(65)]) {
  t(`refuses ${JSON.stringify(id.slice(0, 9))} as the id of a project`, async () => {
    const line = parseCommandLine(['projects', 'update', id, '--name', 'shop']);
    if (line === 'help') throw new Error('no help was asked for');
    const error = await runCommand(NOWHERE, line).catch((fault: unknown) => fault);
    assert.instance(error, UsageError);
    assert.is((error as Error).message, 'PROJECT-ID is the id in "projects list"');
  });
}

t('refuses a prefix that names no tables', () => {
  for (const prefix of ['', ' ', 'a b', 'a/b', '$PREFIX']) {
    assert.match(
      refusalOf(() => parseCommandLine(['projects', 'list', '--prefix', prefix])),
      /^--prefix must be/,
    );
  }
  const line = parseCommandLine(['projects', 'list', '--prefix', 'wallcrawler-dev']);
  assert.is(line !== 'help' && line.options.prefix, 'wallcrawler-dev');
});

t('refuses a data folder without a name', () => {
  assert.is(
    refusalOf(() => parseCommandLine(['projects', 'list', '--data-dir', ''])),
    '--data-dir must be a folder',
  );
});

t('tells of every command in its help, with each of its options', () => {
  const tell = (args: readonly string[]) => refusalOf(() => parseCommandLine(args));
  const [, commands = ''] = /there are: (.+)$/.exec(tell(['no', 'such'])) ?? [];
  assert.is(commands.split(', ').length, 21);
  for (const command of commands.split(', ')) assert.match(HELP, new RegExp(`^  ${command}\\b`, 'm'));
});

t('takes a word alone only where that is a command', () => {
  const line = parseCommandLine(['usage', '--json']);
  assert.is(line !== 'help' && line.command, 'usage');
  assert.match(
    refusalOf(() => parseCommandLine(['usage', 'more'])),
    '"usage" takes no "more"',
  );
  assert.match(
    refusalOf(() => parseCommandLine(['keys'])),
    'There is no command "keys"',
  );
  assert.match(
    refusalOf(() => parseCommandLine(['toString'])),
    'There is no command "toString"',
  );
  assert.match(
    refusalOf(() => parseCommandLine(['keys', 'list', '--csv'])),
    '"keys list" takes no --csv',
  );
});

t.run();
