import { isPrivateHost } from './private-host.js';

describe('isPrivateHost', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:8080',
    '10.1.2.3',
    '192.168.0.9:81',
    '172.16.0.1',
    '172.31.9.9',
    'localhost:3000',
    '[::1]:80',
    '[fd00::1]',
  ])('%s is', (host) => expect(isPrivateHost(host)).toBe(true));
  test.each([
    '10.example',
    '127.0.0.1.example',
    '172.32.0.1',
    '192.169.0.1',
    '8.8.8.8',
    'localhost.example',
    '[2001:db8::1]',
    '',
  ])('%s is not', (host) => expect(isPrivateHost(host)).toBe(false));
});
