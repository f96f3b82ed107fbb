import { rotateApiKey } from '../../core/aws/keys/rotate-api-key.ts';
import { type ApiKey, isUsable } from '../../core/domain/api-key.ts';
import { createApiKeyText } from '../../core/tokens/api-key-text.ts';
import type { Answer } from './answer.ts';
import type { Options } from './command-line.ts';
import type { Installation } from './installation.ts';
import { expiryOf, keyIdOf, requireKey, toKeyView } from './keys.ts';
import { durationOption } from './options.ts';
import { recordAction } from './record-action.ts';
import { RefusedError } from './refusal.ts';

const DEFAULT_GRACE = '24h';

/** A new key that opens what the old one does. The old one dies after the grace, or earlier if it would have anyway. */
export async function rotateKey(
  installation: Installation,
  wanted: string,
  options: Options,
): Promise<Answer> {
  const now = new Date(installation.clock.now());
  const grace = options.grace ?? DEFAULT_GRACE;
  const graceEnd = new Date(now.getTime() + durationOption('grace', grace)).toISOString();
  const chosenExpiry = expiryOf(options['expires-in-days'], now);
  const old = await requireKey(installation, wanted);
  const keyId = keyIdOf(old);
  const oldExpiresAt = [graceEnd, old.expiresAt ?? graceEnd].sort()[0] ?? graceEnd;
  const details = { name: old.name, oldExpiresAt };
  return recordAction(installation, { action: 'keys rotate', target: keyId, details }, async () => {
    if (!isUsable(old, now)) {
      const why = old.status === 'ACTIVE' ? 'has expired' : 'is revoked';
      throw new RefusedError(`Key ${keyId} ${why}: make another one with "keys create"`);
    }
    const apiKey = createApiKeyText();
    const expiresAt = chosenExpiry ?? sameLifeAs(old, now);
    const key = await rotateApiKey(installation, old, { apiKey, expiresAt, oldExpiresAt });
    return {
      json: { ...toKeyView(key, now), apiKey, replaces: { keyId, expiresAt: oldExpiresAt } },
      text: `Key ${keyIdOf(key)} takes the place of ${keyId} (${old.name}), which works until ${oldExpiresAt}; it is shown only now:\n${apiKey}`,
    };
  });
}

/** A key that lives for 90 days is followed by one that does. */
function sameLifeAs({ createdAt, expiresAt }: ApiKey, now: Date): string | undefined {
  if (expiresAt === undefined) return undefined;
  return new Date(now.getTime() + Date.parse(expiresAt) - Date.parse(createdAt)).toISOString();
}
