/** What AWS and its SDK say, as a sentence that names the variable and what to do. */

const NO_REGION =
  'There is no AWS region: set AWS_REGION, such as "export AWS_REGION=us-west-2", or AWS_PROFILE to a profile that has one';
const NO_CREDENTIALS =
  'There are no AWS credentials: set AWS_PROFILE to a profile that has some, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

const REFUSED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
]);
const UNREACHABLE = new Set([
  'ENOTFOUND',
  'ECONNREFUSED',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'ENETUNREACH',
  'TimeoutError',
]);

/** The sentence for an error of AWS's; undefined when it is none that an operator can mend. */
export function explainAwsFault(error: unknown): string | undefined {
  const { name = '', message = '', code = '' } = error as Partial<Error & { code: string }>;
  if (message.startsWith('Region is missing')) return NO_REGION;
  if (name === 'CredentialsProviderError') return `${NO_CREDENTIALS} (${firstSentence(message)})`;
  if (REFUSED.has(name))
    return `AWS refuses the credentials (${name}): renew them, or look at AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_REGION`;
  if (name === 'ResourceNotFoundException')
    return 'There is no such table or secret: look at --prefix and AWS_REGION; what is new in this version comes with "npm run deploy"';
  if (name === 'ClusterNotFoundException')
    return 'There is no cluster of that name: look at --prefix and AWS_REGION';
  if (UNREACHABLE.has(code) || UNREACHABLE.has(name))
    return `AWS cannot be reached (${code || name}): look at AWS_REGION, AWS_ENDPOINT_URL and the network`;
  return undefined;
}

const firstSentence = (text: string): string => text.split(/[.\n]/)[0] ?? '';
