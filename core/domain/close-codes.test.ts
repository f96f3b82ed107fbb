import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CAST_CLOSES,
  fitReason,
  PROXY_CLOSES,
  ROUTER_CLOSES,
  SERVICE_RESTART,
  sessionEnded,
} from './close-codes.ts';
import { END_REASONS, type EndReason } from './end-reason.ts';

const codes = suite('close codes');

// RFC 6455, 7.4.1: the others only stand for what happened and may never be sent.
const isSendable = (code: number) =>
  (code >= 4000 && code <= 4999) ||
  [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014].includes(code);

const ends = Object.keys(END_REASONS).map((reason) => sessionEnded(reason as EndReason));

codes('are sendable, and their sentences fit', () => {
  for (const { code, text } of [
    ...ends,
    ...Object.values(PROXY_CLOSES),
    ...Object.values(CAST_CLOSES),
    ...Object.values(ROUTER_CLOSES),
  ]) {
    assert.ok(isSendable(code), `${code}`);
    assert.is(fitReason(text), text);
  }
});

codes('tell every end of a session apart', () => {
  assert.is(new Set(ends.map(({ code }) => code)).size, ends.length);
  for (const { code } of ends) assert.ok(code === SERVICE_RESTART || code >= 4000, `${code}`);
});

codes(
  'say "come back" only where a client may: the router restarts, or the platform or a live view’s browser does',
  () => {
    const restarts = [
      ...ends,
      ...Object.values(PROXY_CLOSES),
      ...Object.values(CAST_CLOSES),
      ...Object.values(ROUTER_CLOSES),
    ].filter(({ code }) => code === SERVICE_RESTART);
    assert.equal(restarts, [
      sessionEnded('platform_stopping'),
      CAST_CLOSES.restarting,
      ROUTER_CLOSES.restarting,
    ]);
  },
);

codes('cuts a reason at a character', () => {
  const cut = fitReason('ä'.repeat(100));
  assert.is(cut, 'ä'.repeat(61));
});

codes.run();
