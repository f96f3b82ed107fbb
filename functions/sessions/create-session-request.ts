import type { BrowserSettings } from '../../core/domain/container-settings.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { AskedProxy } from '../../core/domain/proxies.ts';
import type { Region } from '../../core/domain/session.ts';

/** The body of POST /v1/sessions, after the schema (components.schemas.CreateSessionRequest). */
export interface CreateSessionBody {
  readonly projectId?: string;
  readonly id?: string;
  readonly extensionId?: string;
  readonly timeout?: number;
  readonly keepAlive?: boolean;
  readonly region?: Region;
  readonly userMetadata?: Readonly<Record<string, unknown>>;
  readonly proxies?: boolean | readonly AskedProxy[];
  readonly proxySettings?: { readonly caCertificates?: readonly string[] };
  readonly browserSettings?: BrowserSettings & { readonly extensionId?: string };
}

/** Each once. */
export const certificateIdsOf = ({ proxySettings }: CreateSessionBody): readonly string[] => [
  ...new Set(proxySettings?.caCertificates),
];

/** It may stand in two places, and be one only. */
export function extensionIdOf({
  extensionId: outer,
  browserSettings,
}: CreateSessionBody): string | undefined {
  const inner = browserSettings?.extensionId;
  if (outer !== undefined && inner !== undefined && outer !== inner)
    throw new AppError('BAD_REQUEST', [
      'body/extensionId must be the same as body/browserSettings/extensionId',
    ]);
  return inner ?? outer;
}
