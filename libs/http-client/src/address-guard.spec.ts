import { AddressGuard } from './address-guard.js';

const REFUSED = [
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['10.0.0.1', 'private'],
  ['100.64.0.1', 'carrier-grade'],
  ['100.100.100.200', 'carrier-grade'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['168.63.129.16', 'metadata'],
  ['169.254.169.254', 'link-local'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.0.0.192', 'special'],
  ['192.0.2.1', 'special'],
  ['192.88.99.1', 'special'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'special'],
  ['224.0.0.1', 'multicast'],
  ['240.0.0.1', 'special'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::127.0.0.1', 'loopback'],
  ['::a9fe:a9fe', 'not a public'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:a9fe:a9fe', 'link-local'],
  ['64:ff9b::127.0.0.1', 'loopback'],
  ['64:ff9b::a9fe:a9fe', 'link-local'],
  ['64:ff9b:1::1', 'special'],
  ['100::1', 'special'],
  ['2001::1', 'special'],
  ['2001:db8::1', 'special'],
  ['2002:7f00:1::', 'special'],
  ['2002:808:808::', 'special'],
  ['3fff::1', 'special'],
  ['4000::1', 'not a public'],
  ['fc00::1', 'private'],
  ['fd00:ec2::254', 'private'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['fec0::1', 'private'],
  ['ff02::1', 'multicast'],
  ['not an address', 'not an IP'],
] as const;

const OPEN = [
  '8.8.8.8',
  '93.184.216.34',
  '172.32.0.1',
  '2606:4700::1111',
  '2a00:1450::1',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
];

describe('AddressGuard', () => {
  const guard = new AddressGuard();

  test.each(REFUSED)('refuses %s as %s', (address, word) => {
    expect(guard.refusal(address, 80)).toContain(word);
  });

  test.each(OPEN)('opens the public address %s', (address) => {
    expect(guard.refusal(address, 80)).toBeNull();
  });

  test.each([
    ['127.0.0.0/8', '127.0.0.1', 80, true],
    ['127.0.0.0/8:9000', '127.0.0.1', 9000, true],
    ['127.0.0.0/8:9000', '127.0.0.1', 9001, false],
    ['127.0.0.0/8', '::ffff:127.0.0.1', 80, true],
    ['127.0.0.0/8', '::1', 80, false],
    ['::1/128', '::1', 80, true],
    ['fd00::/8:8443', 'fd00::1', 8443, true],
    ['[fd00::]/8:8443', 'fd00::1', 443, false],
    ['10.1.0.0/16', '10.2.0.1', 80, false],
    ['10.1.0.0/16', '10.1.255.1', 80, true],
    ['0.0.0.0/0', '169.254.169.254', 80, true],
  ])('with OUTBOUND_ALLOW=%s the address %s on port %d is open: %s', (entry, address, port, open) => {
    expect(new AddressGuard([entry]).refusal(address, port) === null).toBe(open);
  });

  test.each(['', '127.0.0.1', '127.0.0.0/33', 'localhost/8', '10.0.0.0/8:99999', '10.0.0.0/8:x'])(
    'rejects the entry "%s"',
    (entry) => {
      expect(() => new AddressGuard([entry])).toThrow(/OUTBOUND_ALLOW/);
    },
  );

  test.each([
    ['http://2130706433/', '127.0.0.1'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://0177.0.0.1/', '127.0.0.1'],
    ['http://127.1./', '127.0.0.1'],
    ['http://①②⑦.0.0.1/', '127.0.0.1'],
    ['http://[::ffff:7f00:1]/', '::ffff:7f00:1'],
  ])('the spelling %s is seen as %s', (url, address) => {
    const hostname = new URL(url).hostname.replace(/^\[|\]$/g, '');
    expect(hostname).toBe(address);
    expect(guard.refusal(hostname, 80)).toContain('loopback');
  });
});
