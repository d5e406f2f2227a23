/** How one feed is fetched and read beyond the ordinary: what an operator may set, and what of it is kept as a secret. */
import { z } from 'zod';

export const RULE_FIELDS = ['title', 'content', 'url', 'author', 'category', 'any'] as const;

/**
 * A keep or block rule. `contains` compares without regard to letter case; `regex` is RE2 syntax, with regard to it unless it begins
 * with `(?i)`. `content` is the text of summary and content without their markup; `any` is every field.
 */
export const itemRuleSchema = z.object({
  action: z.enum(['keep', 'block']),
  field: z.enum(RULE_FIELDS),
  operator: z.enum(['contains', 'regex']),
  value: z.string().min(1).max(500),
});

/** What a partner asks a reader of the feed for. Never stored, logged or answered in the clear. */
export const feedCredentialsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('basic'), username: z.string(), password: z.string() }),
  z.object({ kind: z.literal('bearer'), token: z.string() }),
  z.object({ kind: z.literal('header'), name: z.string(), value: z.string() }),
  z.object({ kind: z.literal('cookie'), value: z.string() }),
]);

/** The settings that may be shown. An absent field is as if it had never been set. Stored as jsonb. */
export interface OpenFeedSettings {
  /** Instead of the hub's own. */
  userAgent?: string;
  /** http or https, without user and password; `authenticated` says that these are kept sealed. */
  proxy?: { url: string; authenticated: boolean };
  /** Set: any certificate will do for the feed's own host. */
  allowInvalidCertificate?: true;
  /** Certificate authorities (PEM) that count besides the usual ones. */
  ca?: string;
  stripTrackers?: true;
  fullText?: true;
  /** In order; empty lists are not kept. */
  rules?: ItemRule[];
  /** `origin` is the only one that the credentials are sent to; `setAt` is ISO 8601. */
  credentials?: { kind: FeedCredentials['kind']; setAt: string; origin: string };
}

/** The settings that are sealed with SECRET_KEY. */
export const secretFeedSettingsSchema = z.object({
  credentials: feedCredentialsSchema.optional(),
  proxyUser: z.object({ username: z.string(), password: z.string() }).optional(),
});

export type ItemRule = z.infer<typeof itemRuleSchema>;
export type FeedCredentials = z.infer<typeof feedCredentialsSchema>;
export type SecretFeedSettings = z.infer<typeof secretFeedSettingsSchema>;

/** A change of settings: absent fields stay as they are, null takes a setting away. */
export interface FeedSettingsPatch {
  credentials?: FeedCredentials | null | undefined;
  userAgent?: string | null | undefined;
  proxy?: { url: string; username?: string | undefined; password?: string | undefined } | null | undefined;
  allowInvalidCertificate?: boolean | null | undefined;
  ca?: string | null | undefined;
  stripTrackers?: boolean | null | undefined;
  fullText?: boolean | null | undefined;
  rules?: ItemRule[] | null | undefined;
}
