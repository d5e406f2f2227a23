/** What operators, partners and the machine do to stories: asked by the console, carried out by the processor, kept for ever. */
import { z } from 'zod';
import { tagSchemeSchema } from './story-body.js';

export const STORY_ACTION_KINDS = [
  'merge',
  'split',
  'withdraw',
  'restore',
  'lead',
  'tags',
  'withdraw-item',
  'restore-item',
  'undo',
] as const;
export const storyActionKindSchema = z.enum(STORY_ACTION_KINDS);
export type StoryActionKind = z.infer<typeof storyActionKindSchema>;

/**
 * What is asked for; which fields count depends on the kind. merge: `storyIds` go into the story. split: `itemIds` become a
 * story of their own. lead: `itemId` leads, null lets the machine choose. tags: `add` and `remove`. undo: `actionId`.
 */
export const storyActionRequestSchema = z.object({
  storyIds: z.array(z.uuid()).optional(),
  itemIds: z.array(z.uuid()).optional(),
  itemId: z.uuid().nullable().optional(),
  add: z.array(z.object({ scheme: tagSchemeSchema, name: z.string(), slug: z.string() })).optional(),
  remove: z.array(z.object({ scheme: tagSchemeSchema, slug: z.string() })).optional(),
  actionId: z.uuid().optional(),
  evidence: z.record(z.string(), z.unknown()).optional(),
});
export type StoryActionRequest = z.infer<typeof storyActionRequestSchema>;

/** The stories as they were, or are, around an action: what an undo needs and an auditor wants to see. */
export const storyActionFactsSchema = z.object({
  stories: z.array(
    z.object({
      id: z.uuid(),
      status: z.enum(['published', 'withdrawn', 'merged', 'withheld']),
      version: z.number().int(),
      title: z.string(),
      leadingItemId: z.uuid(),
      leadPinned: z.boolean(),
      pinnedItemId: z.uuid().nullable().optional(),
      itemIds: z.array(z.uuid()).optional(),
      tags: z.array(z.string()).optional(),
      /** By SCHEME/SLUG, who gave each tag and how sure it is. */
      tagSources: z.record(z.string(), z.object({ source: z.string(), confidence: z.number() })).optional(),
      refusedTags: z.array(z.uuid()).optional(),
    }),
  ),
});
export type StoryActionFacts = z.infer<typeof storyActionFactsSchema>;
