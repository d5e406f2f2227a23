/** A Config for tests that build parts of the hub in their own process. */
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { type Config, loadConfig } from '#config/config.js';

/** The Redis that `npm test` started. */
export function redisUrl(): string {
  const url = process.env['TEST_REDIS_URL'];
  if (url === undefined) throw new Error('TEST_REDIS_URL is not set: run the tests with npm test');
  return url;
}

/** Every caller gets a Redis prefix of its own, so that tests side by side never meet; loopback may be reached. */
export function testConfig(databaseUrl: string, overrides: Partial<Config> = {}): Config {
  const config = loadConfig({
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl(),
    REDIS_PREFIX: `t${randomBytes(5).toString('hex')}`,
    ADMIN_TOKEN: '5d02f9b36c8e417ab0d3917ce45f286a',
    SECRET_KEY: '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
    DATA_DIR: tmpdir(),
    OUTBOUND_ALLOW: '127.0.0.0/8',
    DEMO: 'off',
    LOG_LEVEL: 'silent',
    LOG_FORMAT: 'json',
  });
  return { ...config, ...overrides };
}
