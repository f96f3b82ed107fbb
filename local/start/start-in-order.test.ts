import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Logger } from '../../core/log/logger.ts';
import { rejectionOf } from '../aws/testing/serve-services.ts';
import { type OnStop, startInOrder } from './start-in-order.ts';

/** Starts parts by their names; what happens is in `log`, what goes wrong in `faults`. */
function begin(...parts: readonly ((onStop: OnStop) => unknown)[]) {
  const log: string[] = [];
  const faults: Parameters<Logger['error']>[] = [];
  const started = startInOrder(
    async (onStop) => {
      for (const start of parts) {
        await start((name, stop) => {
          log.push(`${name} starts`);
          onStop(name, async () => {
            await stop();
            log.push(`${name} stops`);
          });
        });
      }
      return { made: true };
    },
    (...fault) => void faults.push(fault),
  );
  return { started, log, faults };
}
const part =
  (name: string, stop = (): Promise<void> | void => undefined) =>
  (onStop: OnStop) =>
    onStop(name, stop);

const t = suite('an ordered start');

t('stops in reverse, one after the other, once, however often it is asked to', async () => {
  const slowly = () => new Promise<void>((resolve) => void setImmediate(resolve));
  const { started, log } = begin(part('one'), part('two', slowly));
  const { made, close } = await started;
  assert.ok(made);
  await Promise.all([close(), close()]);
  await close();
  assert.equal(log, ['one starts', 'two starts', 'two stops', 'one stops']);
});

t(
  'undoes what has started when a part fails, the half of that part as well, and starts nothing more',
  async () => {
    const failing = (onStop: OnStop) => {
      onStop('half of it', () => undefined);
      throw new Error('no luck');
    };
    const { started, log, faults } = begin(part('one'), failing, part('three'));
    assert.is((await rejectionOf(started)).message, 'no luck');
    assert.equal(log, ['one starts', 'half of it starts', 'half of it stops', 'one stops']);
    assert.equal(
      faults.map(([message]) => message),
      ['The start has failed'],
    );
  },
);

t('goes on to stop when one stop fails, and says whose it was', async () => {
  const stuck = part('stuck', () => Promise.reject(new Error('it is stuck')));
  const { started, log, faults } = begin(part('one'), stuck);
  await (await started).close();
  assert.is(log.at(-1), 'one stops');
  const [[message, details] = ['']] = faults;
  assert.is(message, 'A part did not stop');
  assert.is(details?.name, 'stuck');
});

t.run();
