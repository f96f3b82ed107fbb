import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConcurrencyExceededError, ProjectNotFoundError } from '../../core/aws/projects/concurrency-slots.ts';
import type { AppError } from '../../core/domain/errors.ts';
import { refuseAdmission } from './refuse-admission.ts';

const admission = suite('a session that is not admitted');

admission('for want of a slot is 429, with the sentence and the headers that programs look for', () => {
  const fact = new ConcurrencyExceededError({ concurrency: 5, running: 5 });
  const { status, message, headers, cause } = refuseAdmission('p', fact) as AppError;
  assert.is(status, 429);
  assert.match(message, "You've exceeded your max concurrent sessions limit (limit 5, currently 5)");
  assert.match(message, 'npm run admin -- projects update p --concurrency <sessions>');
  assert.equal(headers, {
    'retry-after': '1',
    'x-ratelimit-limit': '5',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '1',
  });
  assert.is(cause, fact);
});

admission('because its project has gone meanwhile is 404', () => {
  const { status, message } = refuseAdmission('p', new ProjectNotFoundError('gone')) as AppError;
  assert.equal([status, message], [404, 'No project p for this API key']);
});

admission('for any other reason fails with that reason', () => {
  const fault = new Error('throttled');
  assert.is(refuseAdmission('p', fault), fault);
});

admission.run();
