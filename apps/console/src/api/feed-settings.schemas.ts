/** The settings of a feed on the wire: secrets go in and never come out. */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { type FeedSettingsPatch, itemRuleSchema, type OpenFeedSettings } from '#contracts/feed-settings.js';
import type { FeedAdminRow } from '#storage/feed-admin.repository.js';
import { credentialsAreFor } from '#domain/changed-feed-settings.js';
import { ruleErrors } from '#domain/item-rules.js';
import { dateTime } from './api-route.js';
import { webUrl } from './urls.js';
import { fields } from './validation.js';

const MAX_SECRET = 4_000;
/** What a header's value may hold (RFC 9110, 5.5), without bytes that nobody agrees on. */
const headerValue = (what: string, max = MAX_SECRET) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, {
      error: `${what} must be printable ASCII, without space around it`,
    });
const secretText = z
  .string()
  .max(MAX_SECRET)
  .regex(/^[^\p{Cc}]*$/u, { error: 'must be without control characters' });
/** Headers that the hub itself needs, or that change what a request is. */
const RESERVED =
  /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|user-agent|accept.*|if-.*|range)$/i;

const credentials = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({
        kind: z.literal('basic'),
        username: secretText.regex(/^[^:]*$/, { error: 'must be without colon' }),
        password: secretText,
      }),
      z.strictObject({ kind: z.literal('bearer'), token: headerValue('a token') }),
      z.strictObject({
        kind: z.literal('header'),
        name: z
          .string()
          .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, { error: 'is not the name of a header' })
          .refine((name) => !RESERVED.test(name), { error: 'the hub sets this header itself' }),
        value: headerValue('a value'),
      }),
      z.strictObject({ kind: z.literal('cookie'), value: headerValue('a cookie') }),
    ],
    { error: 'must have kind basic, bearer, header or cookie, with what belongs to it' },
  )
  .meta({
    description:
      'What the partner asks for. Sealed with SECRET_KEY, sent to the origin of the feed only, and never shown again. null removes it.',
    example: { kind: 'basic', username: 'hub', password: 'correct horse' },
  });

const proxyUrl = webUrl('http://proxy.example:3128/')
  .refine((text) => !URL.canParse(text) || /^\/?$/.test(new URL(text).pathname + new URL(text).search), {
    error: 'must be an http or https address without a path',
  })
  .meta({ description: 'An http or https proxy. OUTBOUND_ALLOW must open it where it is private.' });
const proxy = fields({ url: proxyUrl, username: secretText.optional(), password: secretText.optional() }).meta({
  description: 'Where the requests go. Targets with a private address are refused all the same. null removes it.',
});

const tls = fields({
  allowInvalidCertificate: z.boolean().nullable().optional().meta({
    description:
      "Accept any certificate of the feed's own host: expired, for another name, or self-signed. Whoever sits on the way can then read and change everything, credentials included. Off by default.",
  }),
  ca: z
    .string()
    .max(50_000)
    .refine(isCertificates, { error: 'must be one or more certificates in PEM form' })
    .nullable()
    .optional()
    .meta({
      description:
        'Certificates (PEM) of authorities to trust for this feed besides the usual ones: better than accepting any.',
    }),
}).meta({ description: 'Off by default. Fields left out stay as they are.' });

const rule = fields(itemRuleSchema.shape).meta({
  id: 'ItemRule',
  description:
    'contains: whatever the letter case. regex: RE2 syntax, `(?i)` for any letter case. Block rules go first; where there are keep rules, one must hold.',
  example: { action: 'block', field: 'title', operator: 'contains', value: 'horoscope' },
});
const rules = z.array(rule).max(100).meta({ description: 'In order; the whole list is replaced.' });

/** Part of POST and PATCH of a feed. */
export const feedSettingsInputSchema = fields({
  credentials: credentials.nullable().optional(),
  userAgent: headerValue('a user agent', 300).nullable().optional().meta({
    description: "Instead of the hub's own, which names the hub, CONTACT_URL and its subscribers.",
    example: 'PressReader/2',
  }),
  proxy: proxy.nullable().optional(),
  tls: tls.optional(),
  stripTrackers: z.boolean().nullable().optional().meta({
    description:
      'Take click-counting parameters (utm_…, fbclid …) out of links. Off by default: they are how partners see what syndication brings them.',
  }),
  fullText: z.boolean().nullable().optional().meta({
    description:
      "Read the pages of new items and take their text, where the partner's rights allow more than excerpts. Off by default.",
  }),
  rules: rules.nullable().optional(),
}).meta({
  id: 'FeedSettingsPatch',
  description: 'Fields left out stay as they are; null gives a setting its default back.',
});

/** The settings as they are shown. */
export const feedSettingsSchema = z
  .object({
    credentials: z.object({ kind: z.string().meta({ example: 'basic' }), setAt: dateTime }).nullable(),
    userAgent: z.string().nullable(),
    proxy: z.object({ url: z.string(), authenticated: z.boolean() }).nullable(),
    tls: z.object({ allowInvalidCertificate: z.boolean(), ca: z.string().nullable() }),
    stripTrackers: z.boolean(),
    fullText: z.boolean(),
    rules: z.array(itemRuleSchema),
    notes: z.array(z.string()).meta({ description: 'What of the settings has no effect, or a price.' }),
  })
  .meta({ id: 'FeedSettings' });

export function settingsPatch({
  tls: rulesOfTls,
  proxy,
  ...rest
}: z.infer<typeof feedSettingsInputSchema>): FeedSettingsPatch {
  return {
    ...rest,
    ...(proxy === undefined ? {} : { proxy: proxy && { ...proxy, url: new URL(proxy.url).origin } }),
    allowInvalidCertificate: rulesOfTls?.allowInvalidCertificate,
    ca: rulesOfTls?.ca,
  };
}

export function settingsView(
  row: Pick<FeedAdminRow, 'settings' | 'url' | 'partner_rights'>,
): z.infer<typeof feedSettingsSchema> {
  const open: OpenFeedSettings = row.settings ?? {};
  const { credentials: given } = open;
  return {
    credentials: given === undefined ? null : { kind: given.kind, setAt: given.setAt },
    userAgent: open.userAgent ?? null,
    proxy: open.proxy ?? null,
    tls: { allowInvalidCertificate: open.allowInvalidCertificate === true, ca: open.ca ?? null },
    stripTrackers: open.stripTrackers === true,
    fullText: open.fullText === true,
    rules: open.rules ?? [],
    notes: notes(row, open),
  };
}

/** Only repeats make an expression too large: lists of feeds compile no others. */
function notes(
  { url, partner_rights: rights }: Pick<FeedAdminRow, 'url' | 'partner_rights'>,
  open: OpenFeedSettings,
): string[] {
  return [
    open.credentials !== undefined && !credentialsAreFor(open.credentials.origin, url)
      ? `The credentials are for ${open.credentials.origin}, where the feed is no longer: they are not sent. Set them again.`
      : undefined,
    open.credentials !== undefined && url.startsWith('http:')
      ? 'The credentials travel in the clear: the feed is asked by http.'
      : undefined,
    open.allowInvalidCertificate === true
      ? 'Any certificate is accepted: whoever sits on the way can read and change what the feed says.'
      : undefined,
    open.fullText === true && rights.excerptOnly === true
      ? 'No full text is fetched: the partner allows excerpts only.'
      : undefined,
    ...ruleErrors(open.rules?.some(({ value }) => value.includes('{')) === true ? open.rules : []).map(
      ({ index, message }) => `The expression of rule ${index + 1} would be refused now: ${message}.`,
    ),
  ].filter((note) => note !== undefined);
}

function isCertificates(pem: string): boolean {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return found.map((one) => new X509Certificate(one)).length > 0;
  } catch {
    return false;
  }
}
