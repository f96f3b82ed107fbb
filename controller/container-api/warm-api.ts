import { type CallOptions, CallRefusedError, createCaller } from './call.ts';

/** What a container says that has no session yet. */
export interface WarmApi {
  /** It can be claimed from now on. Rejects with a CallRefusedError when nobody wants it any more. */
  reportReady(report: WarmReport, options?: CallOptions): Promise<void>;
}

export interface WarmReport {
  /** A public JWK as JSON: claims are sealed to it. */
  readonly publicKey: string;
  readonly sandbox: 'on' | 'off';
}

interface WarmAccess {
  readonly baseUrl: string;
  readonly warmId: string;
  readonly token: string;
}

export function createWarmApi({ baseUrl, warmId, token }: WarmAccess): WarmApi {
  const call = createCaller({ url: `${baseUrl}/internal/warm/${warmId}`, token });
  return {
    async reportReady(report, options) {
      const { status, body } = await call('ready', { ...report }, options);
      if (status < 200 || status > 299) throw new CallRefusedError('ready', status, body.message);
    },
  };
}
