import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createStderrTail } from './stderr-tail.ts';

const tail = suite('stderr tail');

tail('joins fragments to lines, and keeps an unfinished one', () => {
  const stderrTail = createStderrTail();
  for (const fragment of ['fir', 'st\nsec', 'ond\nthi']) stderrTail.add(fragment);
  assert.is(stderrTail.read(100), 'first | second | thi');
});

tail('leaves out what every Chrome says', () => {
  const stderrTail = createStderrTail();
  stderrTail.add('[1:2:3/4.5:ERROR:dbus/bus.cc:405] Failed to connect to the bus\n\nreal trouble\n');
  assert.is(stderrTail.read(100), 'real trouble');
});

tail('leaves out a stack without names and the registers: why Chrome crashed is before them', () => {
  const stderrTail = createStderrTail();
  stderrTail.add('[1:1:FATAL:support.cc:827] Detected a dangling pointer\n');
  for (let frame = 0; frame < 40; frame += 1) stderrTail.add(`#${frame} 0x55b6612f9e46 <unknown>\n`);
  stderrTail.add(
    '  r8: 0000000000000000  r9: 00007ffd3c0a2c40 r10: 0000000000000008\n[end of stack trace]\n',
  );
  assert.is(stderrTail.read(500), '[1:1:FATAL:support.cc:827] Detected a dangling pointer');
});

tail('is bounded, in lines and in characters, and keeps the end', () => {
  const stderrTail = createStderrTail();
  for (let line = 0; line < 10_000; line += 1) stderrTail.add(`line ${line} ${'x'.repeat(1000)}\n`);
  stderrTail.add('the end');
  const text = stderrTail.read(50);
  assert.is(text.length, 50);
  assert.ok(text.endsWith('the end'));
  assert.ok(stderrTail.read(1e9).length < 10_000);
});

tail('holds no token', () => {
  const stderrTail = createStderrTail();
  stderrTail.add('GET /?signingKey=eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl\n');
  assert.not.match(stderrTail.read(500), 'c2lnbmF0dXJl');
});

tail.run();
