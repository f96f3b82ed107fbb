/** Who acts, for the audit log. */
import { hostname, userInfo } from 'node:os';

/** The user of this machine; a container may run as a number without a name. */
export function localOperator(): string {
  const { uid } = process.getuid === undefined ? { uid: undefined } : { uid: process.getuid() };
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `uid ${uid}@${hostname()}`;
  }
}

/**
 * Beside it the id of the access key that signs, by which CloudTrail knows the caller's ARN: the call that looks up the
 * account, and every later one, stand there under it.
 */
export const awsOperator = (accessKeyId: string, profile: string | undefined): string =>
  `${localOperator()}, access key ${accessKeyId}${profile === undefined ? '' : `, profile ${profile}`}`;
