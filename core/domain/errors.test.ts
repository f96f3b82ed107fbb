import { STATUS_CODES } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AppError, ERROR_CATALOGUE, type ErrorCode } from './errors.ts';

const errors = suite('AppError');

errors('takes status and sentence from the catalogue, and details in order', () => {
  const error = new AppError('CONCURRENCY_EXCEEDED', [3, 3, 'p']);
  assert.is(error.status, 429);
  assert.is(
    error.message,
    "You've exceeded your max concurrent sessions limit (limit 3, currently 3). Whoever runs this installation raises it: npm run admin -- projects update p --concurrency <sessions>",
  );
});

errors('keeps its cause and does not let a detail act as a pattern', () => {
  const cause = new Error('inner');
  const error = new AppError('SESSION_NOT_FOUND', ['$& %s'], { cause });
  assert.is(error.cause, cause);
  assert.is(error.message, 'No session $& %s in this project');
});

errors('has a real HTTP status for every code', () => {
  for (const code of Object.keys(ERROR_CATALOGUE) as ErrorCode[]) {
    assert.ok(STATUS_CODES[new AppError(code).status], code);
  }
});

errors.run();
