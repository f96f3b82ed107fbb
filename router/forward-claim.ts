import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { parseAddressText } from '../core/domain/address-text.ts';
import { MAX_CLAIM_BYTES } from '../core/domain/claim.ts';
import type { Address } from '../core/domain/session.ts';
import { bodyHashOf } from '../core/tokens/body-hash.ts';
import type { Authenticated } from './authenticate.ts';
import { ClientGoneError } from './hold-client.ts';
import { REFUSALS, RefusedError } from './refusals.ts';

// Where containers are: in a VPC, or on this machine. Not what is link-local: there are the credentials of tasks.
const CONTAINER_NETWORKS = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
] as const)
  CONTAINER_NETWORKS.addSubnet(network, prefix, 'ipv4');
CONTAINER_NETWORKS.addSubnet('fc00::', 7, 'ipv6');
CONTAINER_NETWORKS.addAddress('::1', 'ipv6');

/** Where a claim goes: its token says so, and was signed by who knows the pool. Never out of the containers' networks. */
export function claimAddressOf({ address }: Pick<Authenticated, 'address'>): Address {
  const parsed = address === undefined ? undefined : parseAddressText(address);
  const family = parsed === undefined ? 0 : isIP(parsed.host);
  if (parsed === undefined || family === 0) throw new RefusedError(REFUSALS.badToken);
  if (!CONTAINER_NETWORKS.check(parsed.host, family === 6 ? 'ipv6' : 'ipv4'))
    throw new RefusedError(REFUSALS.badToken);
  return parsed;
}

/** The sealed body of a claim: the one that its token was signed for, and no other. */
export async function readClaimBody(
  request: IncomingMessage,
  { bodyHash }: Pick<Authenticated, 'bodyHash'>,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_CLAIM_BYTES)
    throw new RefusedError(REFUSALS.claimTooLarge);
  const chunks: Buffer[] = [];
  let bytes = 0;
  // What is refused is answered, and not cut off: whoever reads on is in serve-request.ts.
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_CLAIM_BYTES) throw new RefusedError(REFUSALS.claimTooLarge);
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error instanceof RefusedError
      ? error
      : new ClientGoneError('The client went away', { cause: error });
  }
  const body = Buffer.concat(chunks);
  if (bodyHashOf(body) !== bodyHash) throw new RefusedError(REFUSALS.badToken);
  return body;
}
