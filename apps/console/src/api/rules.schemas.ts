/** Rules on the wire. */
import { z } from 'zod';
import { ruleActionSchema, ruleConditionSchema } from '#contracts/rule.js';
import type { RuleRow } from '#storage/rule.repository.js';
import { conditionInWords } from '#domain/condition-in-words.js';
import { dateTime } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { fields } from './validation.js';

const name = z.string().trim().min(1).max(100).meta({ description: 'Said wherever the rule did something.' });
const condition = ruleConditionSchema;
const actions = z
  .array(ruleActionSchema.meta({ id: 'RuleAction' }))
  .min(1)
  .max(20)
  .meta({
    description:
      'tag and untag: scheme and name. drop. hold: for review, until POST /items/ID/release or /drop. priority: the item has this one in place of its partner’s. route: into the channel with this slug, whatever its filter.',
  });
const enabled = z.boolean();
const position = z.number().int().min(0).max(1_000_000_000).meta({
  description:
    'Rules take effect in ascending order: later ones have the last word on tags, the first drop or hold ends it.',
});

const EXAMPLE = {
  condition: {
    kind: 'and',
    of: [
      { kind: 'phrase', field: 'text', phrases: ['ferry', 'ferries'] },
      { kind: 'language', languages: ['en'] },
    ],
  },
  actions: [{ kind: 'tag', scheme: 'keyword', name: 'Ferries' }],
};

export const ruleSchema = z
  .object({
    id: z.uuid(),
    name,
    condition,
    inWords: z.string().meta({ description: 'The condition as people read it.' }),
    actions,
    enabled,
    position,
    notes: z.array(z.string()).meta({ description: 'What about the rule costs time or has no effect.' }),
    createdAt: dateTime,
    updatedAt: dateTime,
  })
  .meta({ id: 'Rule' });
export const rulePageSchema = pageOf(ruleSchema, 'RulePage');
export const ruleQuerySchema = fields(pageFields);

export const newRuleSchema = fields({
  name,
  condition,
  actions,
  enabled: enabled.default(true),
  position: position.optional(),
}).meta({ id: 'NewRule', example: { name: 'Ferries', ...EXAMPLE } });

export const rulePatchSchema = fields({
  name: name.optional(),
  condition: condition.optional(),
  actions: actions.optional(),
  enabled: enabled.optional(),
  position: position.optional(),
}).meta({ id: 'RulePatch', description: 'Fields left out stay as they are.', example: { enabled: false } });

export const ruleConflictSchema = z
  .object({ id: z.uuid().meta({ description: 'The rule that has the name.' }) })
  .meta({ id: 'RuleAlreadyHere' });

export const newRulePreviewSchema = fields({
  condition,
  actions,
  ruleId: z
    .uuid()
    .optional()
    .meta({ description: 'The rule that the draft would replace: what it gave and the draft does not would go.' }),
  position: position.optional().meta({
    description: 'Where it would stand. Left out: where the rule stands that it replaces, else behind all others.',
  }),
  stories: z
    .number()
    .int()
    .min(1)
    .max(5_000)
    .default(500)
    .meta({ description: 'How many of the newest stories to look at.' }),
}).meta({ id: 'NewRulePreview', example: { ...EXAMPLE, stories: 500 } });

const tagRef = z.object({ scheme: z.string(), name: z.string(), slug: z.string() });
export const rulePreviewSchema = z
  .object({
    stories: z.number().int().meta({ description: 'Looked at.' }),
    complete: z.boolean().meta({ description: 'False: time was up before all of them were looked at.' }),
    matched: z.number().int(),
    changed: z.number().int().meta({
      description: 'The stories that would be different, by the draft or by the lack of the rule that it replaces.',
    }),
    dropped: z.number().int(),
    held: z.number().int(),
    milliseconds: z.number().meta({ description: 'What judging an item by this rule alone took, on average.' }),
    notes: z.array(z.string()),
    examples: z
      .array(
        z.object({
          storyId: z.uuid(),
          title: z.string(),
          partner: z.string(),
          publishedAt: dateTime,
          because: z.array(z.string()).meta({ description: 'The single conditions that hold.' }),
          changes: z.array(z.string()).meta({ description: 'In words; empty where all is so already.' }),
          tagsAdded: z.array(tagRef),
          tagsRemoved: z.array(tagRef),
        }),
      )
      .meta({
        description:
          'Up to 100 stories that would change or for whose leading item the rule holds, those that would change first.',
      }),
  })
  .meta({ id: 'RulePreview' });

export function ruleView(row: RuleRow, notes: string[] = []): z.infer<typeof ruleSchema> {
  return {
    id: row.id,
    name: row.name,
    condition: row.condition,
    inWords: conditionInWords(row.condition),
    actions: row.actions,
    enabled: row.enabled,
    position: row.position,
    notes,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
