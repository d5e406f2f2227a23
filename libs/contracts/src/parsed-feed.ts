/** What the reader makes of a partner's document, whatever its format: the shape between parsing and everything after it. */
import { z } from 'zod';

/** A person or organisation named by a feed or an item (RSS author/dc:creator, Atom person construct, JSON Feed author). */
export const parsedAuthorSchema = z.object({
  name: z.string().optional(),
  email: z.string().optional(),
  url: z.string().optional(),
});

/** A partner's category. `scheme` is Atom's scheme or RSS's domain attribute; `label` the text to show when it differs from the term. */
export const parsedCategorySchema = z.object({
  term: z.string(),
  scheme: z.string().optional(),
  label: z.string().optional(),
});

/**
 * An image, enclosure or media:content. `length` in bytes, `duration` in seconds, sizes in pixels. `enclosure` is set on what
 * the item encloses (RSS enclosure, Atom link rel="enclosure", JSON Feed attachment).
 */
export const parsedMediaSchema = z.object({
  url: z.string(),
  type: z.string().optional(),
  medium: z.enum(['image', 'audio', 'video', 'document', 'executable']).optional(),
  length: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  duration: z.number().optional(),
  title: z.string().optional(),
  credit: z.string().optional(),
  caption: z.string().optional(),
  enclosure: z.literal(true).optional(),
});

/** The source an aggregated item says it came from (RSS source, atom:source, JSON Feed _source). */
export const parsedSourceSchema = z.object({
  title: z.string().optional(),
  url: z.string().optional(),
  feedUrl: z.string().optional(),
});

/**
 * One item as the partner wrote it. Text fields are plain text; `summary` and `content` are HTML **before** sanitising,
 * with absolute URLs. Dates are ISO 8601 in UTC; an unreadable date is left out, never guessed. An item that is only dated
 * by its last change (`updated`) was `published` then as far as anybody knows, so both carry it.
 */
export const parsedItemSchema = z.object({
  id: z.string().optional(),
  url: z.string().optional(),
  externalUrl: z.string().optional(),
  title: z.string().optional(),
  summary: z.string().optional(),
  content: z.string().optional(),
  authors: z.array(parsedAuthorSchema),
  published: z.iso.datetime().optional(),
  updated: z.iso.datetime().optional(),
  categories: z.array(parsedCategorySchema),
  media: z.array(parsedMediaSchema),
  language: z.string().optional(),
  rights: z.string().optional(),
  source: parsedSourceSchema.optional(),
  comments: z.string().optional(),
});

/** What a feed says of when to poll it. Times in minutes; hours 0-23 UTC; days as English names. */
export const scheduleHintsSchema = z.object({
  ttlMinutes: z.number().optional(),
  updatePeriodMinutes: z.number().optional(),
  skipHours: z.array(z.number()).optional(),
  skipDays: z.array(z.string()).optional(),
});

/** The feed's own facts. `hubs` are WebSub hubs it names; `selfUrl` its WebSub topic. */
export const parsedFeedSchema = z.object({
  format: z.enum(['rss', 'atom', 'json', 'rdf']),
  id: z.string().optional(),
  title: z.string().optional(),
  subtitle: z.string().optional(),
  homeUrl: z.string().optional(),
  selfUrl: z.string().optional(),
  hubs: z.array(z.string()),
  icon: z.string().optional(),
  image: z.string().optional(),
  language: z.string().optional(),
  rights: z.string().optional(),
  authors: z.array(parsedAuthorSchema),
  categories: z.array(parsedCategorySchema),
  published: z.iso.datetime().optional(),
  updated: z.iso.datetime().optional(),
  schedule: scheduleHintsSchema,
});

/** A repair the reader made or a fact it could not use, in words an operator can send to the partner. */
export const parseProblemSchema = z.object({
  code: z.string(),
  message: z.string(),
  itemIndex: z.number().optional(),
});

/** A whole document, read. */
export const parsedDocumentSchema = z.object({
  feed: parsedFeedSchema,
  items: z.array(parsedItemSchema),
  problems: z.array(parseProblemSchema),
  /** Ids of items that the feed says it has taken back, and when (RFC 6721). Absent when it says so of none. */
  deleted: z.array(z.object({ ref: z.string(), when: z.iso.datetime().optional() })).optional(),
});

export type ParsedAuthor = z.infer<typeof parsedAuthorSchema>;
export type ParsedCategory = z.infer<typeof parsedCategorySchema>;
export type ParsedMedia = z.infer<typeof parsedMediaSchema>;
export type ParsedSource = z.infer<typeof parsedSourceSchema>;
export type ParsedItem = z.infer<typeof parsedItemSchema>;
export type ParsedFeed = z.infer<typeof parsedFeedSchema>;
export type ParseProblem = z.infer<typeof parseProblemSchema>;
export type ParsedDocument = z.infer<typeof parsedDocumentSchema>;
export type ScheduleHints = z.infer<typeof scheduleHintsSchema>;
