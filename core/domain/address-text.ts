import type { Address } from './session.ts';

const MAX_PORT = 65_535;

/** `host:port`; an IPv6 address in brackets. */
export const addressTextOf = ({ host, port }: Address): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The address of such a text; undefined when it is none. */
export function parseAddressText(text: string): Address | undefined {
  const [, inBrackets, bare, digits] = /^(?:\[([\da-f:.]+)\]|([^[\]:/@]+)):(\d{1,5})$/i.exec(text) ?? [];
  const [host, port] = [inBrackets ?? bare, Number(digits)];
  return host === undefined || port < 1 || port > MAX_PORT ? undefined : { host, port };
}
