import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PublicNetworkError } from '../../core/public-network/public-network-error.ts';
import { ProxyFailedError } from './proxy-failed.ts';
import { createRefusals, type Refusal } from './refusals.ts';

const t = suite('what is told of refusals');
const onProxyFailed = () => assert.unreachable('there is no proxy');
const address = new PublicNetworkError('refused-address', '');

t('is each host, port and reason once', () => {
  const told: Refusal[] = [];
  const note = createRefusals(
    { onRefused: (refusal) => told.push(refusal), onProxyFailed },
    { toldRefusals: 10 },
  );
  for (const host of ['a', 'a', 'b']) note({ host, port: 80 }, address);
  note({ host: 'a', port: 25 }, new PublicNetworkError('refused-port', ''));
  assert.equal(told, [
    { host: 'a', port: 80, reason: 'not_public' },
    { host: 'b', port: 80, reason: 'not_public' },
    { host: 'a', port: 25, reason: 'port' },
  ]);
});

t('is nothing of a site that is not there', () => {
  const told: Refusal[] = [];
  const note = createRefusals(
    { onRefused: (refusal) => told.push(refusal), onProxyFailed },
    { toldRefusals: 10 },
  );
  note({ host: 'a', port: 80 }, new PublicNetworkError('unknown-host', ''));
  note({ host: 'a', port: 80 }, new Error('ECONNREFUSED'));
  assert.equal(told, []);
});

t('is of a proxy which it was and why, and nothing else', () => {
  const told: object[] = [];
  const onRefused = () => assert.unreachable('nothing was refused');
  const note = createRefusals({ onRefused, onProxyFailed: (each) => told.push(each) }, { toldRefusals: 10 });
  for (const fault of ['credentials', 'credentials', 'too_slow'] as const)
    note({ host: 'proxy.example', port: 3128 }, new ProxyFailedError(fault));
  assert.equal(told, [
    { host: 'proxy.example', port: 3128, reason: 'credentials' },
    { host: 'proxy.example', port: 3128, reason: 'too_slow' },
  ]);
});

t('is bounded', () => {
  let told = 0;
  const note = createRefusals({ onRefused: () => told++, onProxyFailed }, { toldRefusals: 3 });
  for (let i = 0; i < 100; i++) note({ host: `${i}.example`, port: 80 }, address);
  assert.is(told, 3);
});

t.run();
