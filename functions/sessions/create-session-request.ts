import type { BrowserSettings } from '../../core/domain/container-settings.ts';
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
  readonly browserSettings?: BrowserSettings & { readonly extensionId?: string };
}
