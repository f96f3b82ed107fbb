import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReplayEvent } from '../../core/domain/replay.ts';
import { addressOf, clockOf, kindOf, sizeOf, spanOf, wordsOf } from './words.ts';

const words = suite('words of a replay');

words('say times', () => {
  assert.equal([0, 59_999, 60_000, 3_723_000, -5].map(clockOf), ['0:00', '0:59', '1:00', '1:02:03', '0:00']);
  assert.equal([12_400, 60_000, 250_000, 7_500_000].map(spanOf), [
    '12 s',
    '1 min',
    '4 min 10 s',
    '2 h 5 min',
  ]);
});

words('say sizes and addresses', () => {
  assert.equal([0, 999, 1_234, 12_345, 2_500_000_000].map(sizeOf), [
    '0 bytes',
    '999 bytes',
    '1.2 KB',
    '12 KB',
    '2.5 GB',
  ]);
  assert.equal(['https://example.com/', 'http://a.example/b/c', 'about:blank', ''].map(addressOf), [
    'example.com',
    'a.example/b/c',
    'an empty page',
    'an empty page',
  ]);
});

const event = (type: string, data: ReplayEvent['data'] = {}) => ({ atMs: 0, type, data }) as ReplayEvent;

words('say what happened', () => {
  const said = [
    event('page.opened', { url: 'https://shop.example/cart' }),
    event('download.completed', { filename: '<b>.pdf', sizeBytes: 1_234 }),
    event('client.connected', { clients: 1 }),
    event('client.disconnected', { clients: 0 }),
    event('session.ended', { reason: 'idle' }),
    event('session.ended', { reason: 'of tomorrow' }),
    event('page.crashed', { isOutOfMemory: true }),
  ].map(wordsOf);
  assert.equal(said, [
    'Opened shop.example/cart',
    'Downloaded <b>.pdf, 1.2 KB',
    'A client connected',
    'The last client left',
    'No client sent anything for too long',
    'The session ended',
    'an empty page crashed: out of memory',
  ]);
});

words('know no event of tomorrow', () => {
  assert.equal(
    [kindOf(event('page.opened')), kindOf(event('of.tomorrow')), kindOf(event('toString'))],
    ['page', undefined, undefined],
  );
});

words.run();
