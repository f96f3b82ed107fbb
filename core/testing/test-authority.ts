import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

/** An authority that was made for these tests alone; its key was thrown away. */
export const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBpjCCAU2gAwIBAgIUd5Ylh/rH4lY1IQy/wjePSUuF7iMwCgYIKoZIzj0EAwIw
ITEfMB0GA1UEAwwWQXV0aG9yaXR5IG9mIHRoZSB0ZXN0czAeFw0yNjExMjkxMjM5
MDVaFw00NjExMjQxMjM5MDVaMCExHzAdBgNVBAMMFkF1dGhvcml0eSBvZiB0aGUg
dGVzdHMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQaxqEsbBuNLDUiRVjejXQu
Vk+gofdS8wSwuZy7d/m3QB6TdqA7ygf57CoNIiInP8Ozg1fwk0okH9eB17+8uF4Z
o2MwYTAdBgNVHQ4EFgQUMqmceJQxahP4nLwLUR+blPZfeAAwHwYDVR0jBBgwFoAU
MqmceJQxahP4nLwLUR+blPZfeAAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8E
BAMCAQYwCgYIKoZIzj0EAwIDRwAwRAIgeaQ7atL55p/0geJJRw2EG1uNrQopOWev
SAHxFWj8NngCIBgcczWL0K8PlcuXvC3UsNucHONvQ6Tec8/ZRVFg7ImZ
-----END CERTIFICATE-----
`;

/** Another one, of the same name. */
export const NAMESAKE = `-----BEGIN CERTIFICATE-----
MIIBpjCCAU2gAwIBAgIUbReNYVqp+UoJNpZ/hFCWTEZJIdQwCgYIKoZIzj0EAwIw
ITEfMB0GA1UEAwwWQXV0aG9yaXR5IG9mIHRoZSB0ZXN0czAeFw0yNjExMjkxMjM5
MDVaFw00NjExMjQxMjM5MDVaMCExHzAdBgNVBAMMFkF1dGhvcml0eSBvZiB0aGUg
dGVzdHMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQrI4gJsyVVoQdE2IBTEI3m
Zjc2Ap8PvuUn68FFK+Btv7BFkys9rX2Q7ezK/igS6Wcj0y3F/ncU+VMW4zWFBsrS
o2MwYTAdBgNVHQ4EFgQUHslucNMgYSNuyS1QX04JBsq2VdIwHwYDVR0jBBgwFoAU
HslucNMgYSNuyS1QX04JBsq2VdIwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8E
BAMCAQYwCgYIKoZIzj0EAwIDRwAwRAIgLGj992Y9ijN/EasG5VOa7YCfCLsUeolG
HayixpGONGECIEQANjtBO3FTJhI7Q2ax+lJpC/GydVl2kAxjTAuTHqED
-----END CERTIFICATE-----
`;

/** Of a site, for `localhost`, and signed by the first. */
export const SITE_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBxTCCAWqgAwIBAgIUDptfOq5b5xIVTwjtEoXJGI3nlz0wCgYIKoZIzj0EAwIw
ITEfMB0GA1UEAwwWQXV0aG9yaXR5IG9mIHRoZSB0ZXN0czAeFw0yNjExMjkxMjM5
MDVaFw00NjExMjQxMjM5MDVaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABLiJenBNLlE08mjxWW1tGUnghkyM1EhEqZYAgEnF
aAXfOk3simJcldaA8b9cFMfOkf3y8+w8yJKGqZ+KFUv++AejgYwwgYkwDAYDVR0T
AQH/BAIwADAUBgNVHREEDTALgglsb2NhbGhvc3QwEwYDVR0lBAwwCgYIKwYBBQUH
AwEwDgYDVR0PAQH/BAQDAgeAMB0GA1UdDgQWBBQ9rmYQzlycNJo/2gLR+vRTVk33
DDAfBgNVHSMEGDAWgBQyqZx4lDFqE/icvAtRH5uU9l94ADAKBggqhkjOPQQDAgNJ
ADBGAiEAumHWoM4aSpKB82EBV7L23UGtJUm0RDNjrisI+TrFtV0CIQDtLNK4dqIi
J9IdDeXWvLUYjxUClnAaKnIewpOA47Bfgg==
-----END CERTIFICATE-----
`;

export const SITE_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAgytVbSI+wg+nq6H
Jrs7ktOaT8dQg/T/vZncqkFiZO6hRANCAAS4iXpwTS5RNPJo8VltbRlJ4IZMjNRI
RKmWAIBJxWgF3zpN7IpiXJXWgPG/XBTHzpH98vPsPMiShqmfihVL/vgH
-----END PRIVATE KEY-----
`;

export interface SignedSite {
  readonly url: string;
  /** The same site, by a name that its certificate does not have. */
  readonly otherUrl: string;
  stop(): Promise<void>;
}

/** A site by https, which a browser takes only if it trusts the authority. */
export async function startSignedSite(): Promise<SignedSite> {
  const server = https.createServer({ key: SITE_KEY, cert: SITE_CERTIFICATE }, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('signed');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/`,
    otherUrl: `https://127.0.0.1:${port}/`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
