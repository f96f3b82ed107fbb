import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { SITE_IDENTITY } from '../../testing/site-identity.ts';

export interface Site {
  readonly port: number;
  stop(): Promise<void>;
}

/** A site on this machine that answers as a test likes. */
export const openSite = (answer: RequestListener): Promise<Site> => listen(http.createServer(answer));

/** The same by https, as `good.example`. */
export const openSecureSite = (answer: RequestListener): Promise<Site> =>
  listen(https.createServer(SITE_IDENTITY, answer));

/** From now on this process trusts the certificate of `openSecureSite`, where its name is the one that was asked for. */
export const trustTheSite = (): void =>
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), SITE_IDENTITY.cert]);

async function listen(server: http.Server | https.Server): Promise<Site> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
