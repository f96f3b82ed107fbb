import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChromeGoneError, type Settle } from './pending-calls.ts';
import { createSendWindow } from './send-window.ts';

const windows = suite('how far a client may be ahead of Chrome');

const LIMITS = { batchCommands: 3, batchBytes: 100, maxBatches: 2 };

function open() {
  const asked: Settle[] = [];
  let opened = 0;
  const calls = {
    request({ method }: { method: string }, settle: Settle) {
      assert.is(method, 'Browser.getVersion');
      return asked.push(settle);
    },
  };
  const count = () => {
    opened += 1;
  };
  const window = createSendWindow(calls, count, LIMITS);
  const send = (count: number, bytes = 1) => Array.from({ length: count }, () => window.noteSent(bytes));
  const pass = () => asked.shift()?.(null, {});
  return { window, send, pass, asked, opened: () => opened };
}

windows('lets a client alone that is within a batch', () => {
  const { send, asked } = open();
  assert.equal(send(2), [true, true]);
  assert.is(asked.length, 0);
});

windows('asks after each batch, and closes with too many that Chrome has not come past', () => {
  const { window, send, asked, pass, opened } = open();
  assert.not(send(8).includes(false));
  assert.is(asked.length, 2);
  assert.equal(send(1), [false]);
  assert.is(window.isOpen(), false);
  // What the socket had brought already.
  assert.equal(send(2), [false, false]);
  assert.is(opened(), 0);
  pass();
  assert.is(opened(), 1);
  assert.is(window.isOpen(), true);
  assert.is(asked.length, 2, 'for the batch that was full');
});

windows('is open for good to whoever waits for each answer', () => {
  const { send, pass } = open();
  for (let batch = 0; batch < 9; batch += 1) {
    assert.not(send(3).includes(false));
    pass();
  }
});

windows('counts bytes, too', () => {
  const { send, asked } = open();
  assert.equal(send(3, 100), [true, true, false]);
  assert.is(asked.length, 2);
});

windows('asks nothing for a client that does not read, until it does', () => {
  const { window, send, asked, opened } = open();
  window.setBehind(true);
  assert.equal(send(3), [true, true, false]);
  assert.is(asked.length, 0, 'or Chrome would never be held back for it');
  window.setBehind(false);
  assert.equal([asked.length, opened()], [1, 1]);
  assert.is(window.isOpen(), true);
});

windows('keeps nobody waiting for a Chrome that has gone, and asks it nothing for a client that left', () => {
  const { window, send, asked, opened } = open();
  send(9);
  asked.shift()?.(new ChromeGoneError(), {});
  assert.is(opened(), 1);
  send(3);
  window.close();
  asked.shift()?.(null, {});
  assert.equal([asked.length, opened()], [1, 1]);
});

windows.run();
