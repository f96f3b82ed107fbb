import { getPublicKeys } from '../../core/aws/keys/get-public-keys.ts';
import { readTokenKeys } from '../../core/aws/keys/read-token-keys.ts';
import { rotateTokenKeys } from '../../core/aws/keys/rotate-token-keys.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import { type Answer, listAnswer } from './answer.ts';
import type { Options } from './command-line.ts';
import type { Installation } from './installation.ts';
import { recordAction } from './record-action.ts';

export function rotate(installation: Installation, options: Options): Promise<Answer> {
  const { tokenKeys, clock } = installation;
  const dropEarlier = options['drop-earlier'] === true;
  return recordAction(installation, { action: 'token-keys rotate', details: { dropEarlier } }, async () => {
    const keyId = await rotateTokenKeys(tokenKeys, new Date(clock.now()), { dropEarlier });
    const rest = dropEarlier ? ', and with no other: what was signed before is refused' : '';
    return { json: { keyId, dropEarlier }, text: `Tokens are signed with key ${keyId} now${rest}` };
  });
}

/** By their ids alone: neither half of a key is shown. */
export async function listTokenKeys({ tokenKeys }: Installation): Promise<Answer> {
  const keySet = await readTokenKeys(tokenKeys.secrets, tokenKeys.secretId);
  const published = await getPublicKeys(tokenKeys.publicKeys);
  const keys = Object.entries(keySet?.keys ?? {}).map(([keyId, { retiredAt }]) => ({
    keyId,
    state: keyId === keySet?.current ? 'CURRENT' : 'RETIRED',
    retiredAt,
    // With the first rotation after that.
    removableFrom: retiredAt && new Date(Date.parse(retiredAt) + CREDENTIALS.retiredKeyMs).toISOString(),
    isPublished: Object.hasOwn(published ?? {}, keyId),
  }));
  return listAnswer(
    // The current one, which is not retired, before all others.
    keys.sort((a, b) => ((a.retiredAt ?? '~') > (b.retiredAt ?? '~') ? -1 : 1)),
    {
      columns: [
        ['KEY-ID', ({ keyId }) => keyId],
        ['STATE', ({ state }) => state],
        ['RETIRED', ({ retiredAt }) => retiredAt ?? '-'],
        ['REMOVABLE-FROM', ({ removableFrom }) => removableFrom ?? '-'],
        ['PUBLISHED', ({ isPublished }) => (isPublished ? 'yes' : 'no')],
      ],
    },
  );
}
