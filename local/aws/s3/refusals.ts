import { AwsError } from '../wire/aws-error.ts';

/** What would have no effect here is refused. */
export const notImplemented = (what: string): AwsError =>
  new AwsError('NotImplemented', `This stand-in does not support ${what}`, { status: 501 });
