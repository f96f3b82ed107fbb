import ipaddr from 'ipaddr.js';

/** Networks that an owner allows although they are not public. */
export type AllowedNetworks = readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];

// All that is given out of IPv6 (IANA, IPv6 Address Space). Whatever is outside, or carries an IPv4 address inside, is
// no address of the public network, whether or not the library knows its name.
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/** Whether an address, in its one usual notation, is unicast on the public network. */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined || address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || isWithin(address, GLOBAL_UNICAST);
}

export function isAllowedAddress(text: string, allowed: AllowedNetworks): boolean {
  const address = parseAddress(text);
  return address !== undefined && allowed.some((network) => isWithin(address, network));
}

/** Parses networks such as `10.1.0.0/16`; throws an Error that says what was expected. */
export function parseAllowedNetworks(networks: readonly string[]): AllowedNetworks {
  return networks.map((network) => {
    if (!ipaddr.isValidCIDR(network)) throw new Error('must be networks such as 10.1.0.0/16');
    return ipaddr.parseCIDR(network);
  });
}

/** Undefined for what is no address: names, zone ids (`fe80::1%eth0`), and IPv4 in hex, octal or fewer parts. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return !text.includes('%') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
}

const isWithin = (address: ipaddr.IPv4 | ipaddr.IPv6, network: AllowedNetworks[number]): boolean =>
  address.kind() === network[0].kind() && address.match(network as [ipaddr.IPv4, number]);
