import { isUuid } from './ids.ts';

/** Where a list of a project's sessions, newest first, goes on: after this session. */
export interface SessionPosition {
  readonly createdAt: string;
  readonly sessionId: string;
}

/** As a client carries it: text of a URL that says nothing to anybody else. */
export const toCursor = ({ createdAt, sessionId }: SessionPosition): string =>
  Buffer.from(`${createdAt} ${sessionId}`).toString('base64url');

/** The position that `cursor` stands for; undefined when no list can have given it. */
export function fromCursor(cursor: string): SessionPosition | undefined {
  const [createdAt = '', sessionId = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const isOurs = rest.length === 0 && isTime(createdAt) && isUuid(sessionId);
  return isOurs ? { createdAt, sessionId } : undefined;
}

const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text));
