import type { Region, Viewport } from '../../core/domain/session.ts';

/** The body of POST /v1/sessions, after the schema (components.schemas.CreateSessionRequest). */
export interface CreateSessionBody {
  readonly projectId?: string;
  readonly extensionId?: string;
  readonly timeout?: number;
  readonly keepAlive?: boolean;
  readonly region?: Region;
  readonly userMetadata?: Readonly<Record<string, unknown>>;
  readonly browserSettings?: BrowserSettings;
}

export interface BrowserSettings extends Readonly<Record<string, unknown>> {
  readonly context?: { readonly id: string; readonly persist?: boolean };
  readonly extensionId?: string;
  readonly viewport?: { readonly width?: number; readonly height?: number };
  readonly ignoreCertificateErrors?: boolean;
}

const DEFAULT_VIEWPORT: Viewport = { width: 1280, height: 720 };

/** The window that was asked for; a side that is missing or 0 takes the default. Null when none was asked for. */
export function viewportOf(settings: BrowserSettings | undefined): Viewport | null {
  const { width = 0, height = 0 } = settings?.viewport ?? {};
  if (width === 0 && height === 0) return null;
  return { width: width || DEFAULT_VIEWPORT.width, height: height || DEFAULT_VIEWPORT.height };
}
