import { CLAIM_CONTENT_TYPE, CLAIM_PATH, type ClaimedAssignment } from '../../core/domain/claim.ts';
import type { ContainerSettings } from '../../core/domain/container-settings.ts';
import { WARM } from '../../core/domain/timing.ts';
import type { TokenAudience, TokenClaims } from '../../core/tokens/tokens.ts';
import type { FakePlatform } from './fake-platform.ts';
import { hashOf, sealClaim } from './seal-claim.ts';

export type Sign = (audience: TokenAudience, more?: Partial<Omit<TokenClaims, 'projectId'>>) => string;

/** What a test sends instead of a good claim. */
export interface ClaimChange {
  readonly token?: Partial<TokenClaims> & { readonly audience?: TokenAudience };
  readonly assignment?: Partial<ClaimedAssignment>;
  readonly body?: string;
}

/** The platform's side of a warm container. */
export function createClaimSender(
  platform: FakePlatform,
  container: {
    readonly sessionId: string;
    readonly projectId: string;
    readonly warmId: string;
    readonly settings: ContainerSettings;
    readonly origin: () => Promise<string>;
    readonly token: Sign;
  },
) {
  const { sessionId, projectId, warmId, settings, origin, token } = container;
  const warm = () => platform.called('ready', (call) => call.sessionId === warmId);

  /** A claim that is not sent yet. */
  async function sealed({ token: changed = {}, assignment = {}, body: given }: ClaimChange = {}) {
    const { publicKey } = await warm();
    const content = {
      sessionId,
      projectId,
      token: token('controller', { warmId }),
      settings,
      profileUrl: settings.context === null ? null : `${platform.url}/store?X-Amz-Signature=secret`,
      extensionUrl: settings.extensionId === null ? null : platform.extensionUrl,
      ...assignment,
    };
    const made = await sealClaim(String(publicKey), content);
    const body = given ?? made.body;
    const { audience = 'claim', ...claims } = changed;
    const expiresAt = new Date(Date.now() + WARM.claimTokenMs);
    const claim = token(audience, { warmId, bodyHash: hashOf(body), expiresAt, ...claims });
    return { url: `http://${await origin()}${CLAIM_PATH}/${claim}`, body };
  }

  return {
    /** When it has reported that it can be claimed. */
    warm,
    sealed,
    async claim(change?: ClaimChange) {
      const { url, body } = await sealed(change);
      return sendClaim(url, body);
    },
  };
}

/** The answer to a claim. */
export async function sendClaim(url: string, body: string) {
  const headers = { 'content-type': CLAIM_CONTENT_TYPE };
  const answer = await fetch(url, { method: 'POST', body, headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
