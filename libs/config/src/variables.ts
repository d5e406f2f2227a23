/** Every environment variable of Dateline: its default, what it means and how its text becomes a value. README's table is held against it. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { adminTokenProblem } from './admin-token.js';

const port = z.coerce.number({ error: 'must be a port number, 1 to 65535' }).int().min(1).max(65_535, {
  error: 'must be a port number, 1 to 65535',
});
const seconds = (min: number, max: number) =>
  z.coerce
    .number({ error: 'must be a number of seconds' })
    .int({ error: 'must be a whole number of seconds' })
    .min(min, { error: `must be at least ${min} seconds` })
    .max(max, { error: `must be at most ${max} seconds` });
const days = (min: number, max: number) =>
  z.coerce
    .number({ error: 'must be a number of days' })
    .int({ error: 'must be a whole number of days' })
    .min(min, { error: `must be at least ${min} days` })
    .max(max, { error: `must be at most ${max} days` });
const share = () =>
  z.coerce
    .number({ error: 'must be a share from 0 to 1' })
    .min(0, { error: 'must be at least 0' })
    .max(1, { error: 'must be at most 1' });
const count = (min: number, max: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(min, { error: `must be at least ${min}` })
    .max(max, { error: `must be at most ${max}` });
const fraction = z.coerce
  .number({ error: 'must be a number between 0 and 1' })
  .gt(0, { error: 'must be more than 0' })
  .max(1, { error: 'must be at most 1' });
const urlOf = (protocols: string[], example: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL like ${example}`,
  });
const CIDR_ENTRY = /^[0-9a-fA-F.:]+\/\d{1,3}(:\d{1,5})?$/;
const existing = (kind: 'file' | 'folder', hint: string) =>
  z
    .string()
    .refine((path) => existsSync(path) && statSync(path).isDirectory() === (kind === 'folder'), {
      error: `must be a ${kind} that is there: ${hint}`,
    })
    .transform((path) => resolve(path));
const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);
const ADDRESS_OR_RANGE = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
/** All addresses at once (`/0`) is none: whoever is trusted can claim to be anybody. */
const isAddressOrRange = (entry: string): boolean => ADDRESS_OR_RANGE.safeParse(entry).success && !entry.endsWith('/0');
const addressList = commaList.refine((entries) => entries.every(isAddressOrRange), {
  error: 'must be a comma list of addresses or CIDR of proxies, for example 10.1.0.5,fd00::/64',
});
const cidrList = commaList.refine((entries) => entries.every((entry) => CIDR_ENTRY.test(entry)), {
  error: 'must be a comma list of CIDR or CIDR:port, for example 10.1.0.0/16,127.0.0.1/32:9000',
});

export interface Variable {
  name: string;
  /** As text, for the documentation; undefined where the variable has no default. */
  default: string | undefined;
  description: string;
  schema: z.ZodType;
}

/** A variable whose unset value is given by code (computed, generated or embedded). */
const computed = (name: string, schema: z.ZodType, description: string): Variable => ({
  name,
  default: undefined,
  description,
  schema: schema.optional(),
});
const withDefault = (name: string, fallback: string, schema: z.ZodType, description: string): Variable => ({
  name,
  default: fallback,
  description,
  schema: z.preprocess((text) => text ?? fallback, schema),
});

export const VARIABLES = [
  withDefault('HOST', '127.0.0.1', z.string().min(1), 'Address the ports bind to (0.0.0.0 in containers).'),
  withDefault('PUBLISHER_PORT', '8080', port, 'Public pages, feeds and the WebSub hub.'),
  withDefault('CONSOLE_PORT', '8081', port, 'Operators: API, queues, documentation.'),
  withDefault('INGESTOR_PORT', '8082', port, 'WebSub callbacks, health, metrics.'),
  withDefault('PROCESSOR_PORT', '8083', port, 'Health and metrics.'),
  computed(
    'PUBLIC_URL',
    urlOf(['http:', 'https:'], 'https://news.example'),
    'Base of every published link. Default: http://localhost: and PUBLISHER_PORT.',
  ),
  computed(
    'CONTACT_URL',
    urlOf(['http:', 'https:'], 'https://news.example/about'),
    'Where publishers whose feeds are read find whom to write to: part of the user agent. Default: PUBLIC_URL.',
  ),
  computed(
    'CALLBACK_URL',
    urlOf(['http:', 'https:'], 'https://push.news.example'),
    "Where partners' WebSub hubs reach INGESTOR_PORT. Default: http://localhost: and the port while PUBLIC_URL is local.",
  ),
  computed(
    'DATABASE_URL',
    urlOf(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/dateline'),
    'PostgreSQL 15 or newer with pg_trgm, unaccent and intarray. Default: an embedded PostgreSQL in DATA_DIR.',
  ),
  computed(
    'REDIS_URL',
    urlOf(['redis:', 'rediss:'], 'redis://host:6379/0'),
    'Redis or Valkey, 6.2 or newer. Default: an embedded one in DATA_DIR.',
  ),
  withDefault(
    'REDIS_PREFIX',
    'dateline',
    z.string().regex(/^[a-z0-9-]{1,40}$/, { error: 'must be 1 to 40 of a-z, 0-9 and -' }),
    'Start of every Redis key and channel: hubs that share one Redis need different ones.',
  ),
  withDefault('DATA_DIR', './data', z.string().min(1), 'Embedded stores and generated secrets.'),
  computed(
    'ADMIN_TOKEN',
    z.string().superRefine((token, context) => {
      const problem = adminTokenProblem(token);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    }),
    "Bearer token of the console's API. Default: generated, printed once, kept in DATA_DIR/admin-token.",
  ),
  computed(
    'SECRET_KEY',
    z.string().regex(/^[0-9a-fA-F]{64}$/, { error: 'must be 64 hexadecimal digits (32 bytes)' }),
    'Key that seals webhook secrets and feed credentials in the database. Default: generated, kept in DATA_DIR/secret-key.',
  ),
  withDefault(
    'OUTBOUND_ALLOW',
    '',
    cidrList,
    'Private ranges that fetches and webhooks may reach, as a comma list of CIDR or CIDR:port. Everything private else is refused.',
  ),
  withDefault(
    'TRUSTED_PROXIES',
    '',
    addressList,
    "Proxies before the ports, as a comma list of addresses or CIDR: whom X-Forwarded-For and -Proto are believed. Nobody else's are.",
  ),
  withDefault(
    'DEMO',
    'auto',
    z.enum(['auto', 'on', 'off'], { error: 'must be auto, on or off' }),
    'auto: demo partners and a demo receiver while no partner was ever added.',
  ),
  withDefault(
    'PROCESSES',
    'one',
    z.enum(['one', 'separate'], { error: 'must be one or separate' }),
    'Whether npm start runs the four services in one process or in four.',
  ),
  withDefault('SITE_NAME', 'Dateline', z.string().min(1).max(80), 'Name shown on the pages and in the feeds.'),
  withDefault(
    'SITE_LANGUAGE',
    'en',
    z.enum(['en', 'de', 'fr', 'es', 'ar'], { error: 'must be en, de, fr, es or ar' }),
    "Language of the pages' interface. The other languages are a step away, at /de, /fr and so on.",
  ),
  computed(
    'SITE_LOGO',
    existing('file', 'an SVG, PNG, WebP or JPEG').refine((path) => /\.(svg|png|webp|jpe?g)$/i.test(path), {
      error: 'must be an SVG, PNG, WebP or JPEG file',
    }),
    'Picture shown in place of the name at the head of the pages: a path.',
  ),
  computed(
    'SITE_COLOR',
    z.string().regex(/^#[0-9a-fA-F]{6}$/, { error: 'must be a colour like #9a2617' }),
    'Accent of the pages. Where it could not be read on light or dark paper, it is made darker or lighter there.',
  ),
  computed(
    'SITE_THEME',
    existing('folder', 'docs/site.md says what it may hold'),
    'Folder whose templates, stylesheet and icons replace those of the pages.',
  ),
  withDefault(
    'LOG_LEVEL',
    'info',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be trace, debug, info, warn, error, fatal or silent',
    }),
    'Least severe log line that is written.',
  ),
  computed(
    'LOG_FORMAT',
    z.enum(['json', 'pretty'], { error: 'must be json or pretty' }),
    'json or pretty. Default: pretty in a terminal, json elsewhere.',
  ),
  withDefault(
    'FETCH_INTERVAL',
    '900',
    seconds(1, 86_400),
    'Seconds between two polls of a feed that says nothing of its own rhythm.',
  ),
  withDefault(
    'FETCH_INTERVAL_MIN',
    '300',
    seconds(1, 86_400),
    'Least seconds between two polls, whatever the feed asks for; a feed can override it.',
  ),
  withDefault(
    'FETCH_INTERVAL_MAX',
    '86400',
    seconds(1, 2_592_000),
    'Most seconds between two polls of a feed that is well, whatever it asks for; a feed can override it.',
  ),
  withDefault(
    'FETCH_MEMORY',
    '128',
    count(16, 65_536),
    'Megabytes that the documents of all polls of one process may take at once; one more goes on, the others wait, and are put off by a minute if no room comes in time.',
  ),
  withDefault(
    'HOST_REQUESTS_PER_MINUTE',
    '30',
    count(0, 100_000),
    'Polls a minute of all feeds of one host; more are put off. 0: no limit. Hosts can have limits of their own; loopback and private addresses have none unless given one.',
  ),
  withDefault(
    'HOST_CONNECTIONS',
    '4',
    count(1, 1_000),
    'Polls of one host at once, where its requests a minute are limited.',
  ),
  withDefault(
    'RETRY_AFTER_SCOPE',
    'feed',
    z.enum(['feed', 'host'], { error: 'must be feed or host' }),
    'Whether Retry-After puts off the feed that got it, or every feed of its host.',
  ),
  withDefault(
    'REDIRECT_CONFIRM_FETCHES',
    '10',
    count(1, 1_000),
    'Fetches that all led to the same place by permanent redirects, after which it becomes the address of the feed.',
  ),
  withDefault(
    'REDIRECT_CONFIRM_HOURS',
    '24',
    count(0, 8_760),
    'Hours that those fetches must span at least: one bad deployment of a partner moves no feed.',
  ),
  withDefault(
    'NEWS_WINDOW',
    '86400',
    seconds(0, 31_536_000),
    'Items published this many seconds before their feed was added still fire story.published; older ones become stories silently.',
  ),
  withDefault(
    'WEBSUB_LEASE_MIN',
    '3600',
    seconds(1, 31_536_000),
    'Least seconds that a subscription at our WebSub hub lasts, whatever it asks for.',
  ),
  withDefault(
    'WEBSUB_LEASE_MAX',
    '1296000',
    seconds(1, 31_536_000),
    'Most seconds that a subscription at our WebSub hub lasts; without a wish it is ten days.',
  ),
  withDefault(
    'WEBSUB_SUBSCRIPTIONS_PER_HOST',
    '1000',
    count(1, 1_000_000),
    'Subscriptions at our WebSub hub that callbacks of one host may have.',
  ),
  withDefault(
    'KEEP_DOCUMENTS',
    '35',
    days(7, 3_650),
    'Days that the documents of fetches are kept, for reading them again; whole weeks go, so up to seven days more.',
  ),
  withDefault(
    'KEEP_FETCHES',
    '21',
    days(7, 3_650),
    'Days that the log of fetches is kept; whole weeks go, so up to seven days more.',
  ),
  withDefault(
    'KEEP_DELIVERIES',
    '30',
    days(7, 3_650),
    'Days that deliveries and their attempts are kept; whole weeks go, so up to seven days more.',
  ),
  withDefault(
    'CLASSIFIER_PRECISION',
    '0.93',
    z.coerce
      .number({ error: 'must be a number from 0.5 to 1, such as 0.93' })
      .min(0.5, { error: 'must be at least 0.5' })
      .max(1, { error: 'must be at most 1' }),
    'Share of right topics that the classifier must reach on items it has not learnt from before it gives any.',
  ),
  withDefault(
    'CLASSIFIER_SAMPLES',
    '20000',
    count(0, 100_000),
    'Newest stories with topics that the classifier of topics learns from at most. 0: it never learns.',
  ),
  withDefault(
    'RELATED_LIKENESS',
    '0.14',
    fraction,
    'How alike stories must be on average to be related, more than 0 to 1: higher makes smaller, surer groups.',
  ),
  withDefault(
    'RELATED_STORIES',
    '10000',
    count(100, 100_000),
    'The newest stories that later ones can turn out to be related to; each costs about 4 KB of memory.',
  ),
  withDefault(
    'IDENTITY_WINDOW',
    '14',
    days(3, 90),
    'Days within which two items can be copies of one story by their texts; sketches are kept that long, whole weeks go.',
  ),
  withDefault(
    'IDENTITY_LINK_TEXT',
    '0.5',
    share(),
    'Least share of its weighted text that an item must have in common with another to be linked with it.',
  ),
  withDefault('IDENTITY_LINK_NUMBERS', '0.6', share(), 'Least share of figures that must agree then.'),
  withDefault(
    'IDENTITY_STRONG_TEXT',
    '0.8',
    share(),
    'With so much text in common, the figures of linked items may agree less.',
  ),
  withDefault('IDENTITY_STRONG_NUMBERS', '0.4', share(), 'Least share of figures that must agree then.'),
  withDefault(
    'IDENTITY_DUPLICATE_TEXT',
    '0.6',
    share(),
    'Least share of text in common for an item that is shown as a copy of another.',
  ),
  withDefault('IDENTITY_DUPLICATE_NUMBERS', '0.7', share(), 'Least share of figures that must agree then.'),
  withDefault(
    'DATABASE_POOL',
    '10',
    z.coerce.number().int().min(2).max(100),
    'PostgreSQL connections each service may hold.',
  ),
] as const satisfies readonly Variable[];
