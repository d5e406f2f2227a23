/** Gives every app the one door out, built from the configuration. */
import { readFileSync } from 'node:fs';
import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config, ConfigError } from '#config/config.js';
import { projectFile } from '#config/project-file.js';
import { OutboundHttp } from './http-client.js';

@Global()
@Module({
  providers: [{ provide: OutboundHttp, useFactory: createOutboundHttp, inject: [CONFIG] }],
  exports: [OutboundHttp],
})
export class HttpClientModule {}

/** The one door out, as the configuration wants it; whoever makes one ends it with `onApplicationShutdown`. */
export function createOutboundHttp(config: Config): OutboundHttp {
  const { version } = JSON.parse(readFileSync(projectFile('package.json'), 'utf8')) as { version: string };
  try {
    return new OutboundHttp({ allow: config.outboundAllow, userAgent: `Dateline/${version} (+${config.contactUrl})` });
  } catch (error) {
    // The one thing that can be wrong here is an entry of OUTBOUND_ALLOW that looks like an address and is none.
    throw new ConfigError([error instanceof Error ? error.message : String(error)]);
  }
}
