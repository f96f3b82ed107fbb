import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';

/** Made for these tests alone, for `good.example`. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgND6MGIuVbVGe2IHC
nHwyzhlem+5t1XyUa11lclck2U2hRANCAARP2Ib2bFVhV9mSIEqiMAnIkHaweMYm
4r88Whl+PVuMnijomefDyq+qqLl36efbqDyTeIkWGASHCRXgwT/4spge
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUKgAwIBAgIUO1a2fayMCmIw03FL8Cdj6TuiL/0wCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMZ29vZC5leGFtcGxlMB4XDTI2MTEyOTA3NDYzNloXDTQ2MTEy
NDA3NDYzNlowFzEVMBMGA1UEAwwMZ29vZC5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAET9iG9mxVYVfZkiBKojAJyJB2sHjGJuK/PFoZfj1bjJ4o6Jnn
w8qvqqi5d+nn26g8k3iJFhgEhwkV4ME/+LKYHqNsMGowHQYDVR0OBBYEFGH9Bj8E
OFfNCJTcAk1hMJR3Ey5fMB8GA1UdIwQYMBaAFGH9Bj8EOFfNCJTcAk1hMJR3Ey5f
MA8GA1UdEwEB/wQFMAMBAf8wFwYDVR0RBBAwDoIMZ29vZC5leGFtcGxlMAoGCCqG
SM49BAMCA0gAMEUCIGCV6dd6gSr7UpDVV+s/hi1HIZ06PssVkrCXOTVAbpGAAiEA
0fVKAmPlk1ObDj+o60PPCZOzBH+PpP2I/nF2LQc5MIk=
-----END CERTIFICATE-----`;

export interface Site {
  readonly port: number;
  stop(): Promise<void>;
}

/** A site on this machine that answers as a test likes. */
export const openSite = (answer: RequestListener): Promise<Site> => listen(http.createServer(answer));

/** The same by https, as `good.example`. */
export const openSecureSite = (answer: RequestListener): Promise<Site> =>
  listen(https.createServer({ key: KEY, cert: CERTIFICATE }, answer));

/** From now on this process trusts the certificate of `openSecureSite`, where its name is the one that was asked for. */
export const trustTheSite = (): void =>
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), CERTIFICATE]);

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
