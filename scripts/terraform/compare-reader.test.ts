// What `npm run test:terraform` does with a real Terraform, with what one would say: so it is tested where there is none.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeMachine } from '../../terraform/reader/describe-platform.ts';
import { openPlatform } from '../../terraform/reader/platform.ts';
import type { Value } from '../../terraform/reader/values.ts';
import { differencesOf } from './compare-reader.ts';
import { asTerraformSays, type StateResource, TerraformFailed } from './terraform-run.ts';

const platform = (await openPlatform(join(import.meta.dirname, '..', '..')))();
const [signals] = platform.resources('aws_sns_topic').filter(({ address }) => address.includes('ready'));
assert.ok(signals);

const stateOf = (values: Readonly<Record<string, Value>>, address = signals.address): StateResource => ({
  address,
  type: 'aws_sns_topic',
  values,
});
const others = platform
  .resources('aws_sns_topic')
  .filter(({ address }) => address !== signals.address)
  .map(({ address }) => stateOf({}, address));

const t = suite('the reader beside Terraform');

t('differs in nothing from itself', () => {
  assert.equal(differencesOf(describeMachine(platform), describeMachine(platform), ''), []);
});

t('is told where it differs, and how', () => {
  const read = { queues: [{ name: 'a', seconds: 5 }], tables: { sessions: { ttl: 'x' } } };
  const said = { queues: [{ name: 'a', seconds: 7 }, { name: 'b' }], tables: { sessions: {} } };
  assert.equal(differencesOf(read, said, ''), [
    'queues.0.seconds: the reader reads 5, Terraform says 7',
    'queues.1: the reader reads undefined, Terraform says {"name":"b"}',
    'tables.sessions.ttl: the reader reads "x", Terraform says undefined',
  ]);
});

t('has its values replaced by those of Terraform, and none where the configuration says nothing', () => {
  const values = { name: 'another', policy: 'made up by the mock', arn: 'arn:another' };
  const said = asTerraformSays(platform, [stateOf(values), ...others]);
  const topic = said.resources('aws_sns_topic').find(({ address }) => address === signals.address);
  assert.is(topic?.get('name'), 'another');
  assert.is(topic?.get('policy'), null);
  assert.is(topic?.members.get('arn', ''), 'arn:another');
});

t('is at fault for a resource that only one of the two has', () => {
  const topics = (state: readonly StateResource[]) => () =>
    asTerraformSays(platform, state).resources('aws_sns_topic');
  assert.throws(
    topics(others),
    (error: Error) => error instanceof TerraformFailed && /knows no/.test(error.message),
  );
  const more = [stateOf({}), ...others, stateOf({}, 'module.more.aws_sns_topic.main')];
  assert.throws(topics(more), /has not seen module\.more\.aws_sns_topic\.main/);
  const absent = stateOf({}, 'module.network.aws_sns_topic.main');
  assert.not.throws(topics([stateOf({}), ...others, absent]));
});

t.run();
