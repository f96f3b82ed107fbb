import { isIP } from 'node:net';
import { AppError } from '../../core/domain/errors.ts';
import {
  type AllowedNetworks,
  isAllowedAddress,
  isPublicAddress,
} from '../../core/public-network/public-address.ts';
import { PublicNetworkError } from '../../core/public-network/public-network-error.ts';
import { readTarget, type Target } from '../../core/public-network/read-target.ts';

const OWN_NETWORKS = 'only an owner can allow other networks (docs/webhooks.md)';

/**
 * Refuses what can never be sent to. A name is not looked up here, because what it says may change: that is done each time
 * that something is sent.
 */
export function requireWebhookUrl(url: string, allowed: AllowedNetworks): void {
  const { host, isSecure } = readUrl(url);
  const isAddress = isIP(host) !== 0;
  const isOwn = isAddress && isAllowedAddress(host, allowed);
  // Without encryption an event goes to an owner's own networks only. Whether a name is of them shows when it is looked up.
  if (isAddress && !isOwn && !isPublicAddress(host))
    throw fault(`must be on the public network, and ${host} is not: ${OWN_NETWORKS}`);
  if (!isSecure && !isOwn && (isAddress || allowed.length === 0))
    throw fault(`must start with https://: ${OWN_NETWORKS}`);
}

function readUrl(url: string): Target {
  try {
    return readTarget(url);
  } catch (error) {
    if (!(error instanceof PublicNetworkError)) throw error;
    throw fault(`is refused: ${error.message}`);
  }
}

const fault = (why: string) => new AppError('BAD_REQUEST', [`body/endpoint ${why}`]);
