import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createUnreadableCommands } from './unreadable-commands.ts';

const unreadable = suite('a command that Chrome could not read');
const ERROR = Buffer.from('{"error":{}}');

function start() {
  const heard: string[] = [];
  const client = (name: string) => ({ deliver: () => heard.push(name) });
  return { commands: createUnreadableCommands(), heard, one: client('one'), two: client('two') };
}

unreadable('is taken for the last one, when the error names nothing of it', () => {
  const { commands, heard, one, two } = start();
  commands.notifyLastSender(ERROR);
  commands.noteSent(one, true);
  commands.noteSent(two, true);
  commands.notifyLastSender(ERROR);
  commands.forget(two);
  commands.notifyLastSender(ERROR);
  assert.equal(heard, ['two']);
});

unreadable('is the only client’s that sent what was not parsed, when the error names its id', () => {
  const { commands, heard, one, two } = start();
  commands.noteSent(one, false);
  commands.noteSent(two, true);
  commands.notifyOnlySuspect(ERROR);
  assert.equal(heard, ['one']);
});

unreadable('is nobody’s when two can have sent it, until one of them has left', () => {
  const { commands, heard, one, two } = start();
  for (const client of [one, two]) commands.noteSent(client, false);
  commands.notifyOnlySuspect(ERROR);
  assert.equal(heard, []);
  commands.forget(one);
  commands.notifyOnlySuspect(ERROR);
  assert.equal(heard, ['two']);
});

unreadable.run();
