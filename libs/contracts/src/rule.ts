/** The hub's rules: what they ask of an item, and what they do with it. Stored as jsonb, sent through the API. */
import { z } from 'zod';
import { tagSchemeSchema } from './story-body.js';

/** `text` is title or body; `category` each of the partner's categories; `url` the item's address. */
export const TEXT_FIELDS = ['title', 'body', 'text', 'category', 'url'] as const;
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const field = z.enum(TEXT_FIELDS);
const several = (item: z.ZodString, most: number) => z.array(item).min(1).max(most);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time such as 06:30' });

/** One of the phrases stands in the field. Whole words and any letter case unless said otherwise. */
export const phraseConditionSchema = z.strictObject({
  kind: z.literal('phrase'),
  field,
  phrases: several(z.string().trim().min(1).max(200), 500),
  wholeWords: z.boolean().optional(),
  matchCase: z.boolean().optional(),
});

/** RE2 syntax, with regard to letter case unless it begins with `(?i)`; linear time, no look-around, no back references. */
export const regexConditionSchema = z.strictObject({
  kind: z.literal('regex'),
  field,
  pattern: z.string().min(1).max(500),
});

/** Slugs. */
export const partnerConditionSchema = z.strictObject({
  kind: z.literal('partner'),
  partners: several(z.string().min(1).max(100), 500),
});

/** Ids or URLs. */
export const feedConditionSchema = z.strictObject({
  kind: z.literal('feed'),
  feeds: several(z.string().min(1).max(2_000), 500),
});

/** BCP 47 primary subtags. An item of unknown language is in none of them. */
export const languageConditionSchema = z.strictObject({
  kind: z.literal('language'),
  languages: several(z.string().regex(/^[a-z]{2,3}$/, { error: 'must be a language such as en' }), 50),
});

/** When the item was published, else received. `hours` may go over midnight; days and hours are those of `zone` (IANA, default UTC). */
export const timeConditionSchema = z.strictObject({
  kind: z.literal('time'),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  days: z.array(z.enum(WEEKDAYS)).min(1).max(7).optional(),
  hours: z.strictObject({ from: clockTime, until: clockTime }).optional(),
  zone: z.string().refine(isTimeZone, { error: 'must be a time zone such as Europe/Berlin' }).optional(),
});

const LEAVES = [
  phraseConditionSchema,
  regexConditionSchema,
  partnerConditionSchema,
  feedConditionSchema,
  languageConditionSchema,
  timeConditionSchema,
] as const;
export type ConditionLeaf = z.infer<(typeof LEAVES)[number]>;

export type RuleCondition =
  | ConditionLeaf
  | { kind: 'and'; of: RuleCondition[] }
  | { kind: 'or'; of: RuleCondition[] }
  | { kind: 'not'; of: RuleCondition };

/** One of the above, or others put together: all of them, one of them, not this one. */
export const ruleConditionSchema: z.ZodType<RuleCondition> = z.lazy(() =>
  z
    .discriminatedUnion(
      'kind',
      [
        ...LEAVES,
        z.strictObject({ kind: z.literal('and'), of: z.array(ruleConditionSchema).min(1).max(100) }),
        z.strictObject({ kind: z.literal('or'), of: z.array(ruleConditionSchema).min(1).max(100) }),
        z.strictObject({ kind: z.literal('not'), of: ruleConditionSchema }),
      ],
      { error: 'must have kind phrase, regex, partner, feed, language, time, and, or, not, with what belongs to it' },
    )
    .meta({ id: 'RuleCondition' }),
);

/** Actions take effect in the order of rules; the first `drop` or `hold` ends it. `priority` is the item's in place of its partner's. */
export const ruleActionSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('tag'), scheme: tagSchemeSchema, name: z.string().trim().min(1).max(100) }),
    z.strictObject({ kind: z.literal('untag'), scheme: tagSchemeSchema, name: z.string().trim().min(1).max(100) }),
    z.strictObject({ kind: z.literal('drop') }),
    z.strictObject({ kind: z.literal('hold') }),
    z.strictObject({ kind: z.literal('priority'), priority: z.number().int().min(-1_000).max(1_000) }),
    z.strictObject({ kind: z.literal('route'), channel: z.string().min(1).max(100) }),
  ],
  { error: 'must have kind tag, untag, drop, hold, priority or route, with what belongs to it' },
);
export type RuleAction = z.infer<typeof ruleActionSchema>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone.length <= 60;
  } catch {
    return false;
  }
}
