/** The publisher's feeds and pages on a test's database, without Redis: to be asked with `inject`. */
import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { CONFIG, type Config } from '#config/config.js';
import { Metrics } from '#observability/metrics.js';
import { Database } from '#storage/database.js';
import { FeedsModule } from '../feeds/feeds.module.js';
import { ContentVersion } from '../serving/content-version.js';
import { SiteModule } from './site.module.js';

type SiteConfig = Pick<
  Config,
  'databasePool' | 'publicUrl' | 'siteName' | 'siteLanguage' | 'siteLogo' | 'siteTheme' | 'siteColor'
>;

const DEFAULTS: SiteConfig = {
  databasePool: 10,
  publicUrl: 'https://news.test',
  siteName: 'Test Wire',
  siteLanguage: 'en',
  siteLogo: undefined,
  siteTheme: undefined,
  siteColor: undefined,
};

@Module({})
class SiteGround {
  static on(database: Database, config: SiteConfig): DynamicModule {
    return {
      module: SiteGround,
      global: true,
      providers: [{ provide: Database, useValue: database }, { provide: CONFIG, useValue: config }, Metrics],
      exports: [Database, CONFIG, Metrics],
    };
  }
}

@Module({})
class SiteUnderTest {}

export interface SiteApp {
  app: NestFastifyApplication;
  /** GET; `headers` as given. */
  get: (path: string, headers?: Record<string, string>) => ReturnType<NestFastifyApplication['inject']>;
  /** Lets the caches see what the test has written since. */
  refresh: () => Promise<void>;
}

/** Started, but listening to no port unless the caller says so. The caller closes the app and drops the database. */
export async function siteApp(database: Database, settings: Partial<SiteConfig> = {}): Promise<SiteApp> {
  const root = {
    module: SiteUnderTest,
    imports: [SiteGround.on(database, { ...DEFAULTS, ...settings }), FeedsModule, SiteModule],
  };
  const adapter = new FastifyAdapter({ routerOptions: { maxParamLength: 500 } });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: ['error'],
    abortOnError: false,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    app,
    get: (url, headers = {}) => app.inject({ method: 'GET', url, headers }),
    refresh: () => app.get(ContentVersion, { strict: false }).look(),
  };
}
