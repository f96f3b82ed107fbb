import type { APIGatewayProxyEvent } from 'aws-lambda';

const texts = new WeakMap<object, string>();

/** Before the body is parsed: it takes the text's place in the event. */
export function keepBodyText({ requestContext, body }: APIGatewayProxyEvent): void {
  texts.set(requestContext, body ?? '');
}

export const bodyTextOf = ({ requestContext }: APIGatewayProxyEvent): string =>
  texts.get(requestContext) ?? '';
