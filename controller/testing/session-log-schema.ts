import { Ajv } from 'ajv';

const count = { type: 'integer' };
const content = { type: 'object', additionalProperties: true };

/** A row as Browserbase's published contract has it (OpenAPI 2.18, SessionLog), with nothing beside it allowed. */
const SESSION_LOG = {
  type: 'object',
  required: ['method', 'pageId', 'sessionId'],
  additionalProperties: false,
  properties: {
    method: { type: 'string' },
    pageId: count,
    sessionId: { type: 'string' },
    request: {
      type: 'object',
      required: ['params', 'rawBody'],
      additionalProperties: false,
      properties: { timestamp: count, params: content, rawBody: { type: 'string' } },
    },
    response: {
      type: 'object',
      required: ['result', 'rawBody'],
      additionalProperties: false,
      properties: { timestamp: count, result: content, rawBody: { type: 'string' } },
    },
    timestamp: count,
    frameId: { type: 'string' },
    loaderId: { type: 'string' },
  },
};

const isRow = new Ajv().compile(SESSION_LOG);

/** What is wrong with these rows; nothing: []. */
export const faultsOfRows = (rows: readonly unknown[]): readonly unknown[] =>
  rows.flatMap((row) => (isRow(row) ? [] : [{ row, errors: isRow.errors }]));
