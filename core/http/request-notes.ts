import type { APIGatewayProxyEvent } from 'aws-lambda';

/** What a use case has learned of its request for the request's one line. */
export type RequestNotes = Readonly<Record<string, string | number | undefined>>;

type Noted = Pick<APIGatewayProxyEvent, 'requestContext'>;

const notes = new WeakMap<object, RequestNotes>();

export function noteOn({ requestContext }: Noted, more: RequestNotes): void {
  notes.set(requestContext, { ...notes.get(requestContext), ...more });
}

export const notesOn = ({ requestContext }: Noted): RequestNotes => notes.get(requestContext) ?? {};
