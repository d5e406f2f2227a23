/** The only reader of the environment: turns it into a typed Config, or into one clear line for each mistake. */
import { resolve } from 'node:path';
import { nearestName } from './nearest-name.js';
import { VARIABLES } from './variables.js';

/** Nest injection token of the Config. */
export const CONFIG = Symbol('dateline.config');

/** Exit code for a configuration that cannot work: a supervisor must not restart the process. BSD sysexits EX_CONFIG. */
export const EXIT_BAD_CONFIGURATION = 78;

/** Everything a service may know of its surroundings. Times in seconds, URLs without a final slash. */
export interface Config {
  host: string;
  publisherPort: number;
  consolePort: number;
  ingestorPort: number;
  processorPort: number;
  publicUrl: string;
  /** Names the hub's operator to publishers. */
  contactUrl: string;
  /** Base of the addresses that WebSub hubs call; empty: nobody can call us. */
  callbackUrl: string;
  databaseUrl: string;
  databasePool: number;
  redisUrl: string;
  redisPrefix: string;
  dataDir: string;
  adminToken: string;
  /** 32 bytes: seals secrets at rest. */
  secretKey: Buffer;
  outboundAllow: string[];
  /** Addresses and CIDR whose X-Forwarded headers say who asks. */
  trustedProxies: string[];
  demo: 'auto' | 'on' | 'off';
  siteName: string;
  /** Of the pages' interface. */
  siteLanguage: 'en' | 'de' | 'fr' | 'es' | 'ar';
  /** Paths of the logo's file and of the folder that restyles the pages, `#rrggbb`; undefined: as shipped. */
  siteLogo: string | undefined;
  siteTheme: string | undefined;
  siteColor: string | undefined;
  logLevel: string;
  logFormat: 'json' | 'pretty';
  fetchIntervalSeconds: number;
  fetchIntervalMinSeconds: number;
  fetchIntervalMaxSeconds: number;
  /** What the documents of all polls of a process may take at once. */
  fetchMemoryMegabytes: number;
  /** Of one host without limits of its own; 0 requests a minute: no limits at all. */
  hostRequestsPerMinute: number;
  hostConnections: number;
  retryAfterScope: 'feed' | 'host';
  redirectConfirmFetches: number;
  redirectConfirmHours: number;
  newsWindowSeconds: number;
  websubLeaseMinSeconds: number;
  websubLeaseMaxSeconds: number;
  websubSubscriptionsPerHost: number;
  keepDocumentsDays: number;
  keepFetchesDays: number;
  keepDeliveriesDays: number;
  /** Share of right topics that the classifier must reach, 0 to 1. */
  classifierPrecision: number;
  /** Stories that the classifier learns from at most; 0: it never learns. */
  classifierSamples: number;
  /** Mean likeness from which stories are related, and how many of the newest are compared. */
  relatedLikeness: number;
  relatedStories: number;
  /** How far apart two items may be published or received and still be copies of one story by their texts. */
  identityWindowDays: number;
  /** Shares from 0 to 1. */
  identityLinkText: number;
  identityLinkNumbers: number;
  identityStrongText: number;
  identityStrongNumbers: number;
  identityDuplicateText: number;
  identityDuplicateNumbers: number;
}

/** One line a mistake, each naming the variable and what to do. */
export class ConfigError extends Error {
  constructor(readonly lines: string[]) {
    super(lines.join('\n'));
  }
}

/** What services need beyond the defaults; the launcher supplies these, containers must. */
const REQUIRED = ['DATABASE_URL', 'REDIS_URL', 'ADMIN_TOKEN', 'SECRET_KEY'];

/**
 * Reads and checks the environment. `requireStores: false` lets the launcher check everything before it has started
 * the embedded stores. Throws ConfigError.
 */
export function loadConfig(env: NodeJS.ProcessEnv, { requireStores = true } = {}): Config {
  const lines: string[] = [];
  const values = new Map<string, unknown>();
  for (const variable of VARIABLES) {
    const text = env[variable.name] === '' && variable.name !== 'OUTBOUND_ALLOW' ? undefined : env[variable.name];
    const result = variable.schema.safeParse(text);
    if (result.success) values.set(variable.name, result.data);
    else
      lines.push(`${variable.name}=${shown(variable.name, text)} ${result.error.issues[0]?.message ?? 'is malformed'}`);
  }
  lines.push(...unknownVariables(env));
  if (requireStores) {
    for (const name of REQUIRED) {
      if (values.get(name) === undefined && !lines.some((line) => line.startsWith(`${name}=`)))
        lines.push(`${name} is not set: npm start supplies it; a service started by hand needs it in its environment`);
    }
  }
  if (lines.length > 0) throw new ConfigError(lines);

  const value = <T>(name: (typeof VARIABLES)[number]['name']): T => values.get(name) as T;
  const publisherPort = value<number>('PUBLISHER_PORT');
  const publicUrl = value<string | undefined>('PUBLIC_URL') ?? `http://localhost:${publisherPort}`;
  return {
    host: value('HOST'),
    publisherPort,
    consolePort: value('CONSOLE_PORT'),
    ingestorPort: value('INGESTOR_PORT'),
    processorPort: value('PROCESSOR_PORT'),
    publicUrl: publicUrl.replace(/\/+$/, ''),
    contactUrl: new URL(value<string | undefined>('CONTACT_URL') ?? publicUrl).href,
    callbackUrl: (
      value<string | undefined>('CALLBACK_URL') ??
      (isLoopback(new URL(publicUrl).hostname) ? `http://localhost:${value<number>('INGESTOR_PORT')}` : '')
    ).replace(/\/+$/, ''),
    databaseUrl: value<string | undefined>('DATABASE_URL') ?? '',
    databasePool: value('DATABASE_POOL'),
    redisUrl: value<string | undefined>('REDIS_URL') ?? '',
    redisPrefix: value('REDIS_PREFIX'),
    dataDir: resolve(value<string>('DATA_DIR')),
    adminToken: value<string | undefined>('ADMIN_TOKEN') ?? '',
    secretKey: Buffer.from(value<string | undefined>('SECRET_KEY') ?? '', 'hex'),
    outboundAllow: value('OUTBOUND_ALLOW'),
    trustedProxies: value('TRUSTED_PROXIES'),
    demo: value('DEMO'),
    siteName: value('SITE_NAME'),
    siteLanguage: value('SITE_LANGUAGE'),
    siteLogo: value('SITE_LOGO'),
    siteTheme: value('SITE_THEME'),
    siteColor: value('SITE_COLOR'),
    logLevel: value('LOG_LEVEL'),
    logFormat: value<'json' | 'pretty' | undefined>('LOG_FORMAT') ?? (process.stdout.isTTY ? 'pretty' : 'json'),
    fetchIntervalSeconds: value('FETCH_INTERVAL'),
    fetchIntervalMinSeconds: value('FETCH_INTERVAL_MIN'),
    fetchIntervalMaxSeconds: value('FETCH_INTERVAL_MAX'),
    fetchMemoryMegabytes: value('FETCH_MEMORY'),
    hostRequestsPerMinute: value('HOST_REQUESTS_PER_MINUTE'),
    hostConnections: value('HOST_CONNECTIONS'),
    retryAfterScope: value('RETRY_AFTER_SCOPE'),
    redirectConfirmFetches: value('REDIRECT_CONFIRM_FETCHES'),
    redirectConfirmHours: value('REDIRECT_CONFIRM_HOURS'),
    newsWindowSeconds: value('NEWS_WINDOW'),
    websubLeaseMinSeconds: value('WEBSUB_LEASE_MIN'),
    websubLeaseMaxSeconds: value('WEBSUB_LEASE_MAX'),
    websubSubscriptionsPerHost: value('WEBSUB_SUBSCRIPTIONS_PER_HOST'),
    keepDocumentsDays: value('KEEP_DOCUMENTS'),
    keepFetchesDays: value('KEEP_FETCHES'),
    keepDeliveriesDays: value('KEEP_DELIVERIES'),
    classifierPrecision: value('CLASSIFIER_PRECISION'),
    classifierSamples: value('CLASSIFIER_SAMPLES'),
    relatedLikeness: value('RELATED_LIKENESS'),
    relatedStories: value('RELATED_STORIES'),
    identityWindowDays: value('IDENTITY_WINDOW'),
    identityLinkText: value('IDENTITY_LINK_TEXT'),
    identityLinkNumbers: value('IDENTITY_LINK_NUMBERS'),
    identityStrongText: value('IDENTITY_STRONG_TEXT'),
    identityStrongNumbers: value('IDENTITY_STRONG_NUMBERS'),
    identityDuplicateText: value('IDENTITY_DUPLICATE_TEXT'),
    identityDuplicateNumbers: value('IDENTITY_DUPLICATE_NUMBERS'),
  };
}

/** A host (as `URL.hostname` writes it) that only this machine can mean. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Secrets are never echoed; a mistyped URL is shown without its password. */
function shown(name: string, text: string | undefined): string {
  if (name === 'ADMIN_TOKEN' || name === 'SECRET_KEY') return '(hidden)';
  return (text ?? '').replace(/\/\/[^@/]*@/, '//***@');
}

/** Starts of names that only Dateline's own variables have: anything else beginning so is a slip. */
const OUR_PREFIXES = ['PUBLISHER_', 'CONSOLE_', 'INGESTOR_', 'PROCESSOR_', 'OUTBOUND_', 'FETCH_INTERVAL', 'DATELINE_'];

/** Names for the launcher's own children and for the command line, not settings of a service. */
const INTERNAL = ['CONSOLE_URL', 'DATELINE_URL', 'DATELINE_TOKEN'];

function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = VARIABLES.map((variable) => variable.name);
  return Object.keys(env)
    .filter((name) => !known.includes(name) && !INTERNAL.includes(name))
    .filter(
      (name) => OUR_PREFIXES.some((prefix) => name.startsWith(prefix)) || nearestName(name, known, 1) !== undefined,
    )
    .map((name) => {
      const near = nearestName(name, known, 3);
      return `${name} is not a variable of Dateline${near === undefined ? '' : `; did you mean ${near}?`} (README.md lists them all)`;
    });
}
