import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outageOf } from './outage.ts';
import { conditionFailed, transactionCancelled } from './testing/fake-client.ts';

const t = suite('an outage of AWS');
const fault = (name: string, more: object = {}) =>
  Object.assign(new Error('x'), { name, $metadata: {}, ...more });

for (const [error, name] of [
  [
    fault('ThrottlingException', { $fault: 'client', $metadata: { httpStatusCode: 400 } }),
    'ThrottlingException',
  ],
  [
    fault('ProvisionedThroughputExceededException', { $fault: 'client' }),
    'ProvisionedThroughputExceededException',
  ],
  [fault('SlowDown', { $metadata: { httpStatusCode: 503 } }), 'SlowDown'],
  [
    fault('InternalServerError', { $fault: 'server', $metadata: { httpStatusCode: 500 } }),
    'InternalServerError',
  ],
  [fault('429', { $metadata: { httpStatusCode: 429 } }), '429'],
  [fault('TimeoutError'), 'TimeoutError'],
  [fault('Error', { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
] as const) {
  t(`is ${name}`, () => assert.is(outageOf(error), name));
}

for (const [what, error] of [
  ['a call that is not allowed', fault('AccessDenied', { $metadata: { httpStatusCode: 403 } })],
  ['a condition that does not hold', conditionFailed()],
  ['a transaction that was refused', transactionCancelled('ConditionalCheckFailed')],
  ['what AWS has no part in', Object.assign(new Error('x'), { name: 'TimeoutError' })],
  ['no error', 'ThrottlingException'],
] as const) {
  t(`is not ${what}`, () => assert.is(outageOf(error), undefined));
}

t.run();
