import { WARM_SLOTS, type WarmContainer } from '../domain/warm-container.ts';

/** An available warm container in slot w01. */
export const newWarmContainer = (changes: Partial<WarmContainer> = {}): WarmContainer => {
  const slot = changes.slot ?? 'w01';
  return {
    pool: WARM_SLOTS,
    slot,
    warmId: `${slot}-00000000-0000-4000-8000-000000000001`,
    status: 'AVAILABLE',
    startedAt: '2026-06-01T00:00:00.000Z',
    expiresAt: '2026-06-01T01:00:00.000Z',
    revision: 'browser:1',
    tokenKeyId: 'k1',
    taskArn: `arn:${slot}`,
    address: { host: '10.0.0.1', port: 9223 },
    containerReadyAt: '2026-06-01T00:00:30.000Z',
    publicKey: '{"kty":"OKP","crv":"X25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}',
    availableAt: '2026-06-01T00:00:30.000Z',
    ...changes,
  };
};
