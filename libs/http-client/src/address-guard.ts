/** Decides which addresses the hub may connect to: public ones, and what OUTBOUND_ALLOW opens. */
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
interface AllowRule {
  network: Address;
  bits: number;
  port: number | null;
}

/** Addresses outside every reserved range that still belong to the machine's own cloud (Azure's wire server). */
const METADATA = new Set(['168.63.129.16']);
/** RFC 6052: an IPv4 address in its last 32 bits, which is the one that is reached. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
/** RFC 4291, 2.4: everything assigned for global unicast; ranges outside it are nobody's or our own. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
const RULE = /^(?<network>[^/]+)\/(?<bits>\d{1,3})(?::(?<port>\d{1,5}))?$/;

/**
 * Holds the list of private ranges that are open.
 * @throws {Error} when an entry is not `CIDR` or `CIDR:port`.
 */
export class AddressGuard {
  private readonly rules: AllowRule[];

  constructor(allow: readonly string[] = []) {
    this.rules = allow.map(parseRule);
  }

  /** Why `address` (a literal IP) must not be connected to on `port`, in words; null when it may. */
  refusal(address: string, port: number): string | null {
    const plain = address.replace(/%.*$/, '');
    if (!ipaddr.isValid(plain)) return `${address} is not an IP address`;
    const target = innermost(ipaddr.parse(plain));
    if (this.rules.some((rule) => opens(rule, target, port))) return null;
    const kind = specialKind(target);
    return kind === null ? null : `${address} is ${kind}, which OUTBOUND_ALLOW does not open on port ${port}`;
  }
}

function parseRule(entry: string): AllowRule {
  const match = RULE.exec(entry.trim());
  const { network = '', bits = '', port } = match?.groups ?? {};
  const plain = network.replace(/^\[(.*)\]$/, '$1');
  if (!ipaddr.isValidCIDR(`${plain}/${bits}`) || Number(port ?? 1) > 65_535) {
    throw new Error(
      `OUTBOUND_ALLOW: "${entry}" is neither CIDR nor CIDR:port, for example 10.0.0.0/8 or 127.0.0.0/8:9000`,
    );
  }
  const [address, length] = ipaddr.parseCIDR(`${plain}/${bits}`);
  return { network: address, bits: length, port: port === undefined ? null : Number(port) };
}

function opens(rule: AllowRule, target: Address, port: number): boolean {
  if (rule.port !== null && rule.port !== port) return false;
  return rule.network.kind() === target.kind() && target.match(rule.network, rule.bits);
}

/** IPv4-mapped and NAT64 addresses reach the IPv4 address inside them, so that one is judged. */
function innermost(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(NAT64)) return new ipaddr.IPv4(address.toByteArray().slice(12));
  return address;
}

/** What kind of address that nobody but this machine or network should reach; null for a public one. */
function specialKind(address: Address): string | null {
  if (METADATA.has(address.toString())) return 'a cloud metadata address';
  const range = address.range();
  if (range !== 'unicast') return WORDS[range] ?? `a special address (${range})`;
  return address instanceof ipaddr.IPv6 && !address.match(GLOBAL_UNICAST) ? 'not a public address' : null;
}

const WORDS: Record<string, string> = {
  unspecified: 'the unspecified address',
  loopback: 'a loopback address',
  linkLocal: 'a link-local address',
  private: 'a private address',
  uniqueLocal: 'a private address',
  deprecatedSiteLocal: 'a private address',
  carrierGradeNat: 'a carrier-grade NAT address',
  multicast: 'a multicast address',
  broadcast: 'the broadcast address',
};
