/** The database's rows as Kysely types: one interface a table, named as in the migrations. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { ParsedItem, ParsedMedia, ParsedAuthor, ParseProblem, ScheduleHints } from '#contracts/parsed-feed.js';
import type { StoryActionFacts, StoryActionKind, StoryActionRequest } from '#contracts/story-actions.js';
import type { StoryImage, StoryTag, TagScheme } from '#contracts/story-body.js';
import type { EndpointFilter, StoryFilter } from '#contracts/channel-filter.js';
import type { EventType } from '#contracts/events.js';
import type { RuleAction, RuleCondition } from '#contracts/rule.js';
import type { OpenFeedSettings } from '#contracts/feed-settings.js';
import type { PartnerRights } from '#domain/story-rights.js';

/** jsonb: read as an object, written as JSON text (arrays would otherwise become SQL arrays). */
type Json<T> = ColumnType<T, string, string>;
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;
type Time = ColumnType<Date, Date | string, Date | string>;
type TimeWithDefault = ColumnType<Date, Date | string | undefined, Date | string>;

export interface PartnersTable {
  id: string;
  slug: string;
  name: string;
  named_by_operator: Generated<boolean>;
  site_url: string | null;
  contact: string | null;
  priority: Generated<number>;
  rights: JsonWithDefault<PartnerRights>;
  /** The site by which feeds that are added alone find their partner, as `homeKey` names it. */
  home_key: string | null;
  is_demo: Generated<boolean>;
  created_at: TimeWithDefault;
  updated_at: TimeWithDefault;
}

/** What the last answer said that bears on the next fetch; null when it said nothing. `scope` is of a failure. */
export interface AnswerFacts {
  freshSeconds?: number;
  retryAfterSeconds?: number;
  scope?: 'remote' | 'ours' | 'backpressure';
}

export interface FeedsTable {
  id: string;
  partner_id: string;
  url: string;
  status: Generated<'active' | 'paused' | 'retired'>;
  status_reason: string | null;
  title: string | null;
  /** True: a fetch leaves the title alone. */
  titled_by_operator: Generated<boolean>;
  site_url: string | null;
  /** The page that an operator gave and that led to this feed. */
  discovered_from: string | null;
  format: string | null;
  language: string | null;
  interval_seconds: number | null;
  /** What the last document said of when to poll: a 304 brings no document. */
  schedule_hints: JsonWithDefault<ScheduleHints>;
  /** Items published before this are backlog: they become stories without a story.published webhook. */
  news_since: Time;
  etag: string | null;
  last_modified: string | null;
  body_hash: Buffer | null;
  next_fetch_at: TimeWithDefault;
  next_fetch_reason: Generated<string>;
  last_fetched_at: Time | null;
  last_success_at: Time | null;
  last_fetch_id: string | null;
  consecutive_failures: Generated<number>;
  last_error_class: string | null;
  last_error: string | null;
  fetch_generation: Generated<number>;
  enqueued_at: Time | null;
  /** Of the URL, with the port where it is not the scheme's own: whose budget a poll takes from. */
  host: GeneratedAlways<string>;
  /** Put off to a moment that its host's budget has set aside for it. */
  has_host_slot: Generated<boolean>;
  /** Mean time between the newest items, and when the last of them came. */
  item_spacing_seconds: number | null;
  newest_item_at: Time | null;
  answer_facts: Json<AnswerFacts> | null;
  /** Where the last fetches were sent by permanent redirects, since when, how many, and why it is not followed for good. */
  moved_to: string | null;
  moved_since: Time | null;
  moved_fetches: Generated<number>;
  moved_note: string | null;
  /** The address before the last permanent redirect was taken over. */
  former_url: string | null;
  /** There is a row of this feed in feed_settings. */
  has_settings: Generated<boolean>;
  /** What decided which partner the feed has, in words; null: an operator. */
  partner_reason: string | null;
  /** The hub and the topic that the last document named: what the feed's subscription is for. */
  push_hub: string | null;
  push_topic: string | null;
  /** False: an operator wants no pushes for this feed. */
  push_wanted: Generated<boolean>;
  /** Until when pushes are proven to bring what is new, so that polls may be rare. */
  push_until: Time | null;
  /** The day on which a document was last kept, and bytes of those of that day that count (FetchedDocumentRepository). */
  kept_on: string | null;
  kept_bytes: Generated<number>;
  created_at: TimeWithDefault;
  updated_at: TimeWithDefault;
}

/** One WebSub subscription; each field means what libs/storage/src/feed-subscription.repository.ts says. */
export interface FeedSubscriptionsTable {
  id: string;
  feed_id: string;
  hub: string;
  topic: string;
  /** CALLBACK_URL as the hub was last given it; null: it was given none. */
  callback: string | null;
  state: Generated<'waiting' | 'requested' | 'active' | 'broken' | 'denied' | 'unreachable' | 'leaving' | 'ended'>;
  reason: string | null;
  asked_mode: 'subscribe' | 'unsubscribe' | null;
  asked_until: Time | null;
  lease_until: Time | null;
  active_since: Time | null;
  proven: Generated<boolean>;
  failures: Generated<number>;
  misses: Generated<number>;
  breaks: Generated<number>;
  last_push_at: Time | null;
  last_error: string | null;
  last_error_at: Time | null;
  next_action_at: Time | null;
  generation: Generated<number>;
  created_at: TimeWithDefault;
  updated_at: TimeWithDefault;
}

/** Who is subscribed at our own hub. `asked_*` is what waits for verification; `begun`: a worker holds this generation. */
export interface HubSubscriptionsTable {
  id: string;
  topic: string;
  callback: string;
  callback_host: string;
  active: Generated<boolean>;
  secret_sealed: Buffer | null;
  lease_until: Time | null;
  asked_id: string | null;
  asked_mode: 'subscribe' | 'unsubscribe' | 'denied' | null;
  asked_secret_sealed: Buffer | null;
  asked_lease_seconds: number | null;
  asked_at: Time | null;
  content_hash: Buffer | null;
  checked_seq: Generated<number>;
  failures: Generated<number>;
  next_at: TimeWithDefault;
  generation: Generated<number>;
  taken_until: Time | null;
  begun: Generated<boolean>;
  last_distribution_at: Time | null;
  last_status: number | null;
  last_error: string | null;
  /** Its last push took long. */
  slow: Generated<boolean>;
  created_at: TimeWithDefault;
}

export interface FeedSettingsTable {
  feed_id: string;
  settings: JsonWithDefault<OpenFeedSettings>;
  /** AES-256-GCM of SecretFeedSettings as JSON under SECRET_KEY. */
  secrets_sealed: Buffer | null;
  /** Counts changes, so that what was made of the settings can be kept until they change. */
  revision: Generated<number>;
  updated_at: TimeWithDefault;
}

export interface BlockedItems {
  reason: string;
  items: number;
}

export interface FetchesTable {
  id: string;
  feed_id: string;
  kind: 'poll' | 'refresh' | 'push' | 'reparse';
  correlation_id: string;
  started_at: Time;
  duration_ms: number;
  outcome: 'changed' | 'unchanged' | 'failed';
  http_status: number | null;
  error_class: string | null;
  error: string | null;
  bytes: Generated<number>;
  document_id: string | null;
  items_seen: Generated<number>;
  items_new: Generated<number>;
  items_changed: Generated<number>;
  /** Items of the document that the feed's rules refused, and how many for which reason. */
  items_blocked: Generated<number>;
  blocked: JsonWithDefault<BlockedItems[]>;
  problems: JsonWithDefault<ParseProblem[]>;
  next_fetch_at: Time | null;
  next_fetch_reason: string | null;
}

export interface DocumentsTable {
  id: string;
  feed_id: string;
  content_type: string | null;
  url: string;
  body_hash: Buffer;
  /** Empty: its feed had brought too much by then for all of it to be kept. */
  body_gzip: Buffer;
  received_at: Time;
}

/** A run that reads stored documents again (docs/adr/0010-documents-are-read-again.md). */
export interface ReparseRunsTable {
  id: string;
  status: Generated<'waiting' | 'running' | 'done' | 'stopped'>;
  /** The selection: a feed, a partner's feeds, or with neither all; and when its documents were received. */
  feed_id: string | null;
  partner_id: string | null;
  since: Time | null;
  until: Time | null;
  dry_run: Generated<boolean>;
  requested_by: string;
  /** The feed under way, its oldest and its newest document that were read. */
  cursor_feed_id: string | null;
  cursor_document_id: string | null;
  newest_document_id: string | null;
  documents_total: number | null;
  documents: Generated<number>;
  items_seen: Generated<number>;
  items_new: Generated<number>;
  items_changed: Generated<number>;
  items_blocked: Generated<number>;
  errors: Generated<number>;
  last_error: string | null;
  examples: JsonWithDefault<ReparseExample[]>;
  /** How often the step at the cursor was begun and not ended. */
  tries: Generated<number>;
  lease_token: string | null;
  lease_until: Time | null;
  worked_at: Time | null;
  created_at: TimeWithDefault;
  started_at: Time | null;
  finished_at: Time | null;
}

/** An item that a run changed or would change; `fields` with the start of their text before and after. */
export interface ReparseExample {
  feedId: string;
  documentId: string;
  change: 'new' | 'changed';
  identityKey: string;
  title: string | null;
  fields: { field: string; before: string | null; after: string | null }[];
}

/** Which document is the newest that holds an item, for the feed that a run has under way. */
export interface ReparseHeldTable {
  run_id: string;
  identity_key: string;
  document_id: string;
}

export interface ItemBatchesTable {
  fetch_id: string;
  correlation_id: string;
  generation: Generated<number>;
  enqueued_at: TimeWithDefault;
  created_at: TimeWithDefault;
  last_error: string | null;
}

/** `version`: the item's when it was withdrawn. */
export interface StateBefore {
  state: ItemsTable['state']['__select__'];
  reason: string | null;
  version: number;
}

export interface ItemsTable {
  id: string;
  feed_id: string;
  partner_id: string;
  identity_key: string;
  identity_rule: 'guid' | 'url' | 'content';
  version: Generated<number>;
  content_hash: Buffer;
  parsed: Json<ParsedItem>;
  published_at: Time | null;
  /** Set when the item must not fire story.published, in words: 'backlog: published … before the feed was added'. */
  quiet_reason: string | null;
  received_at: TimeWithDefault;
  changed_at: TimeWithDefault;
  first_fetch_id: string;
  fetch_id: string;
  document_id: string | null;
  correlation_id: string;
  processed_version: Generated<number>;
  processed_at: Time | null;
  state: Generated<'received' | 'in-story' | 'dropped' | 'held' | 'failed'>;
  state_reason: string | null;
  /** Who refused the newest version; null when it is in its story, or not judged yet. 'processing': the hub's rules, a failure, the demo's end. */
  refused_by: 'feed-rules' | 'operator' | 'processing' | null;
  /** The version that an operator released: no rule drops or holds it. */
  released_version: Generated<number>;
  /** Set when its partner took it back, or an operator in the partner's name. */
  withdrawn_at: Time | null;
  withdrawn_reason: string | null;
  /** Of a withdrawn item: what it was, and comes back as. Null where an older processor withdrew it. */
  before_withdrawal: ColumnType<StateBefore | null, never, null>;
}

export interface StoriesTable {
  id: string;
  slug: string;
  version: Generated<number>;
  /** 'withheld': it was never shown, for its partners' rights do not allow it yet. */
  status: Generated<'published' | 'withdrawn' | 'merged' | 'withheld'>;
  merged_into: string | null;
  leading_item_id: string;
  title: string;
  /** Plain text. */
  summary: string;
  /** Sanitised HTML. */
  content: string;
  body_text: string;
  language: string | null;
  authors: JsonWithDefault<ParsedAuthor[]>;
  image: ColumnType<StoryImage | null, string | null, string | null>;
  media: JsonWithDefault<ParsedMedia[]>;
  source_name: string;
  source_url: string | null;
  source_feed_url: string | null;
  item_url: string | null;
  rights: string | null;
  /** As the partner gave it. */
  published_at: Time;
  /** published_at clamped to when the hub first saw it: what lists are ordered by. Never changes. */
  sort_at: Time;
  created_at: TimeWithDefault;
  updated_at: TimeWithDefault;
  is_demo: Generated<boolean>;
  /** The item that an operator chose to lead, whatever comes; while it may not, the best of the others does. */
  pinned_item_id: string | null;
  /** When and why it was withdrawn or merged: the tombstone of its guid. */
  gone_at: Time | null;
  gone_reason: string | null;
  /** Its leading partner allows an excerpt only: searches do not look into the text. */
  excerpt_only: Generated<boolean>;
  /** When a copy's rights next change what is shown; null: never. */
  rights_due_at: Time | null;
  search: ColumnType<never, unknown, unknown>;
}

/** A partner whose rights changed, and the place of the story that was looked at last: the newest come first. */
export interface RightsReviewsTable {
  partner_id: string;
  asked_at: TimeWithDefault;
  /** 2: only what was written since the rights were changed, after a while. */
  pass: Generated<number>;
  not_before: TimeWithDefault;
  place_at: TimeWithDefault;
  place_id: Generated<string>;
}

export interface StoryItemsTable {
  item_id: string;
  story_id: string;
  partner_id: string;
  /** 'first' for the item that made the story, else the rule that joined it. */
  rule: string;
  /** A 'duplicate' is shown as what it copies; one that is 'derived' is linked: an update, an extract, other figures. */
  relation: Generated<'original' | 'duplicate' | 'derived'>;
  evidence: Json<Record<string, unknown>>;
  joined_at: TimeWithDefault;
}

/** What an item's copies are found by; hashes as signed 32-bit integers. */
export interface ItemFingerprintsTable {
  item_id: string;
  at: Time;
  fingerprints: number[];
}

/** What an item's text is compared by; hashes as signed 32-bit integers, little-endian in the bytea columns. */
export interface ItemSketchesTable {
  item_id: string;
  partner_id: string;
  title: string;
  words: number;
  shingles: Buffer;
  numbers: Buffer;
}

/** A chunk under way: hashes of all keys and fingerprints of its items. */
export interface IdentityAnnouncementsTable {
  ticket: GeneratedAlways<number>;
  marks: Buffer;
  at: TimeWithDefault;
}

/** A part of the counters of hashes, in the order of the hashes' lower bits; `version` grows with each change. */
export interface CountedHashesTable {
  slice: number;
  counts: Buffer;
  version: Generated<number>;
}

/** How many texts the counters of that table come from. */
export interface CountedTextsTable {
  counted: 'shingle_frequencies' | 'fingerprint_frequencies';
  texts: number;
}

export interface PartnerSentencesTable {
  partner_id: string;
  items: number;
  /** Items by sentence hash. */
  sentences: Json<Record<string, number>>;
}

export interface IdentityKeysTable {
  kind: 'guid' | 'url' | 'text';
  key: string;
  item_id: string;
  story_id: string;
  created_at: TimeWithDefault;
}

export interface StoryPartnersTable {
  story_id: string;
  partner_id: string;
  sort_at: Time;
  /** False while the partner's rights hide all of its copies. */
  named: Generated<boolean>;
}

export interface StoryVersionsTable {
  story_id: string;
  version: number;
  created_at: TimeWithDefault;
  item_id: string;
  changed: string[];
  title: string;
  content: string;
  /** From here on null in versions that an older processor wrote. */
  summary: string | null;
  body_text: string | null;
  language: string | null;
  source_name: string | null;
  rights: string | null;
  image: ColumnType<StoryImage | null, string | null, string | null>;
  media: ColumnType<ParsedMedia[] | null, string | null, string | null>;
  tags: ColumnType<StoryTag[] | null, string | null, string | null>;
  partners: ColumnType<{ slug: string; name: string }[] | null, string | null, string | null>;
}

/** What was asked of a story, and what became of it. `request`, `before`, `after`: as the kind has it. */
export interface StoryActionsTable {
  id: string;
  kind: StoryActionKind;
  story_id: string | null;
  item_id: string | null;
  /** 'machine', 'feed', or the operator's address. */
  actor: string;
  reason: string | null;
  request: Json<StoryActionRequest>;
  status: Generated<'waiting' | 'done' | 'refused'>;
  /** In words: what was done, or why not. */
  outcome: string | null;
  before: ColumnType<StoryActionFacts | null, string | null, string | null>;
  after: ColumnType<StoryActionFacts | null, string | null, string | null>;
  undoes: string | null;
  undone_by: string | null;
  tries: Generated<number>;
  next_try_at: TimeWithDefault;
  created_at: TimeWithDefault;
  done_at: Time | null;
}

export interface StorySeparationsTable {
  separation_id: string;
  /** Items of different sides stay apart: two after a split, one for each story after an undone merge. */
  side: number;
  item_id: string;
}

export interface StoryTagsRefusedTable {
  story_id: string;
  tag_id: string;
}

/** Which event a story is on: stories of one cluster are related. */
export interface StoryClustersTable {
  story_id: string;
  cluster_id: string;
  published_at: Time;
  /** Packed words; null once no later story is compared with it. */
  terms: number[] | null;
  /** The story of the cluster that it is most like, how much (0 to 1), and by which words. */
  nearest_story_id: string | null;
  likeness: number | null;
  words: ColumnType<string[], string[] | undefined, string[]>;
  added_at: TimeWithDefault;
  clustered_at: TimeWithDefault;
}

/** Stories that were made or changed and are to be clustered; written by triggers of `stories`. */
export interface StoryClusterQueueTable {
  id: GeneratedAlways<number>;
  story_id: string;
}

/** A word of published stories; `documents`: in about how many of them it is. */
export interface SearchWordsTable {
  word: string;
  documents: Generated<number>;
}

/** One row: the last story, by id, whose words were counted, and how many stories that makes. */
export interface SearchWordLaneTable {
  is_only: Generated<boolean>;
  story_id: string;
  stories: number;
}

/** One row: which process clusters. */
export interface StoryClusterLaneTable {
  only_one: Generated<boolean>;
  holder: string | null;
  lease_until: Time | null;
  generation: Generated<number>;
  version: Generated<number>;
}

/** A run that processes stored items again (docs/adr/0013-items-are-processed-again.md). */
export interface ReprocessingRunsTable {
  id: string;
  status: Generated<'waiting' | 'running' | 'done' | 'stopped'>;
  /** When the items of the selection were received. */
  since: Time | null;
  until: Time;
  dry_run: Generated<boolean>;
  requested_by: string;
  /** The last item that was processed again; items go in the order of their ids. */
  cursor_item_id: string;
  items_total: number | null;
  items: Generated<number>;
  items_changed: Generated<number>;
  /** How many items changed in which respect. */
  changes: JsonWithDefault<Record<string, number>>;
  errors: Generated<number>;
  last_error: string | null;
  examples: JsonWithDefault<ReprocessingExample[]>;
  /** How often the step at the cursor was begun and not ended. */
  tries: Generated<number>;
  lease_token: string | null;
  lease_until: Time | null;
  worked_at: Time | null;
  created_at: TimeWithDefault;
  started_at: Time | null;
  finished_at: Time | null;
}

/** An item that a run changed or would change. */
export interface ReprocessingExample {
  itemId: string;
  storyId: string | null;
  title: string | null;
  fields: { field: string; before: string | null; after: string | null }[];
}

export interface TagsTable {
  id: string;
  scheme: TagScheme;
  slug: string;
  name: string;
  created_at: TimeWithDefault;
}

export interface StoryTagsTable {
  story_id: string;
  tag_id: string;
  /** Where it came from, in words: 'partner category "Sport"'. */
  source: string;
  confidence: Generated<number>;
  sort_at: Time;
}

export interface EventsTable {
  id: string;
  type: EventType;
  story_id: string | null;
  story_version: number | null;
  /** The webhook body's `data`, frozen. */
  body: Json<Record<string, unknown>>;
  /** Set when no endpoint is told, in words (backlog, demo). Channels still move. */
  quiet_reason: string | null;
  correlation_id: string;
  created_at: Time;
  seq: number | null;
  relayed_at: Time | null;
  enqueued_at: Time | null;
  fan_out_generation: Generated<number>;
  fanned_out_at: Time | null;
  /** The endpoint that a ping or an endpoint.disabled is about. */
  endpoint_id: string | null;
}

export interface ChannelsTable {
  id: string;
  slug: string;
  title: string;
  description: Generated<string>;
  filter: JsonWithDefault<StoryFilter>;
  language: string | null;
  version: Generated<number>;
  image_url: string | null;
  /** What its feeds are ordered by: when stories were published, or when they last changed. */
  sort_order: Generated<'newest' | 'updated'>;
  /** Entries of its feeds. */
  size: Generated<number>;
  /** False: its feeds hold excerpts. */
  full_text: Generated<boolean>;
  /** A tsquery of the filter's words; null: they ask nothing. */
  words: ColumnType<string | null, unknown, unknown>;
  /** The filter is yet to be applied to the stories older than this place. */
  filling_at: ColumnType<unknown, unknown, unknown>;
  filling_id: string | null;
  created_at: TimeWithDefault;
  updated_at: TimeWithDefault;
}

export interface ChannelSlugsTable {
  slug: string;
  channel_id: string;
  left_at: TimeWithDefault;
}

export interface ChannelRechecksTable {
  id: GeneratedAlways<number>;
  story_id: string;
}

export interface ChannelStoriesTable {
  channel_id: string;
  story_id: string;
  sort_at: Time;
}

/** A closed part of a month of a feed (docs/adr/0019-closed-months-stay-closed.md). Never updated. */
export interface FeedArchivesTable {
  topic: string;
  month: string;
  part: number;
  entries: Json<unknown[]>;
  next_story: string | null;
  previous_month: string | null;
  closed_at: TimeWithDefault;
}

/** Stories that were in a channel and are not any more. */
export interface ChannelDeparturesTable {
  channel_id: string;
  story_id: string;
  left_at: TimeWithDefault;
}

export interface EndpointsTable {
  id: string;
  url: string;
  description: Generated<string>;
  /** AES-256-GCM of the whsec_ secret under DATA_DIR's key. */
  secret_sealed: Buffer;
  event_types: EventType[];
  filter: JsonWithDefault<EndpointFilter>;
  status: Generated<'active' | 'paused' | 'disabled'>;
  status_reason: string | null;
  /** Only events with a greater sequence number are for this endpoint. */
  since_seq: Generated<number>;
  max_in_flight: Generated<number>;
  is_demo: Generated<boolean>;
  /** Attempts that failed since the last success, and what came of the last of them. */
  failures_in_row: Generated<number>;
  last_failure: string | null;
  /** The circuit is open until then, half-open afterwards (one attempt at a time), closed when null. */
  circuit_until: Time | null;
  /** Times it opened since the last success: each time for longer. */
  circuit_openings: Generated<number>;
  /** An attempt of its was long under way not long ago: its deliveries take no place from the quick ones. */
  slow_until: Time | null;
  /** Attempts that the rate limit allowed at `rate_at`. */
  rate_tokens: number | null;
  rate_at: Time | null;
  first_failure_at: Time | null;
  last_success_at: Time | null;
  /** Whose endpoint it is; null: the operator's own. */
  partner_id: string | null;
  body_form: Generated<'full' | 'thin'>;
  rate_limit_per_minute: number | null;
  /** One event at a time, in the order of sequence numbers. */
  ordered: Generated<boolean>;
  /** What kind of key `secret_sealed` holds: whsec_, or whsk_ whose public half is `public_key`. */
  signing: Generated<'hmac' | 'ed25519'>;
  public_key: string | null;
  /** Keys from before rotations that still sign, as JSON, sealed; and when the last of them ends. */
  former_keys_sealed: Buffer | null;
  former_keys_until: Time | null;
  /** Names of its own headers; names with values, as JSON, sealed. */
  header_names: Generated<string[]>;
  headers_sealed: Buffer | null;
  pinged_at: Time | null;
  /** When the turns are paid back that retries by its partner took. */
  retries_until: Time | null;
  /** Set for the copy at another address that a replay sends to: no list shows it, no event is matched with it. */
  replay_of: string | null;
  created_at: TimeWithDefault;
  updated_at: TimeWithDefault;
}

/** A new key of an endpoint: when, by whom, and until when the one before signs along. */
export interface KeyRotationsTable {
  id: string;
  endpoint_id: string;
  /** The new key's. */
  signing: 'hmac' | 'ed25519';
  former_until: Time;
  rotated_by: string;
  rotated_at: TimeWithDefault;
}

/** Opens the endpoints of one partner, or one endpoint, and nothing else. */
export interface AccessTokensTable {
  id: string;
  partner_id: string | null;
  endpoint_id: string | null;
  name: Generated<string>;
  /** SHA-256. */
  token_hash: Buffer;
  created_at: TimeWithDefault;
  last_used_at: Time | null;
  revoked_at: Time | null;
}

export interface DeliveriesTable {
  event_id: string;
  endpoint_id: string;
  id: string;
  webhook_id: string;
  event_seq: number;
  correlation_id: string;
  status: 'pending' | 'delivering' | 'delivered' | 'failed' | 'cancelled';
  status_reason: string | null;
  attempts: Generated<number>;
  next_attempt_at: Time;
  generation: Generated<number>;
  enqueued_at: Time | null;
  lease_token: string | null;
  lease_until: Time | null;
  created_at: Time;
  finished_at: Time | null;
  /** The newest replay that sent it again. */
  replay_id: string | null;
  /** When it would be tried next if no replay had taken it over, or somebody sent it again by hand since; null: only its replay wants it sent. */
  own_next_attempt_at: Time | null;
}

/** What became of a replay's deliveries. `retrying`: waiting for their next attempt. */
export interface ReplayOutcome {
  waiting: number;
  delivered: number;
  failed: number;
  cancelled: number;
  retrying: number;
}

export interface ReplaysTable {
  id: string;
  endpoint_id: string;
  /** Where its deliveries go: the endpoint itself, or its copy at `url`. */
  target_id: string;
  url: string | null;
  status: Generated<'running' | 'done' | 'stopped'>;
  status_reason: string | null;
  since: Time;
  until: Time;
  /** Deliveries of events before this moment were not kept; null: the whole span was. */
  nothing_before: Time | null;
  only_failed: boolean;
  types: EventType[] | null;
  rate_per_minute: number;
  requested_by: string;
  /** Counted when it began. */
  total: number;
  total_is_floor: boolean;
  cursor_delivery_id: ColumnType<string, unknown, unknown>;
  /** The cursor is at the end. */
  is_read: Generated<boolean>;
  /** Up to when its rate has been used. */
  paced_at: ColumnType<Date, unknown, unknown>;
  made_due: Generated<number>;
  left_out: Generated<number>;
  under_way: Generated<number>;
  /** Written once nothing of it waits any more, or when the next replay takes its deliveries over. */
  outcome: JsonWithDefault<ReplayOutcome | null>;
  created_at: TimeWithDefault;
  finished_at: Time | null;
}

export interface AttemptsTable {
  id: string;
  event_id: string;
  endpoint_id: string;
  number: number;
  started_at: Time;
  duration_ms: number;
  http_status: number | null;
  error_class: string | null;
  error: string | null;
  response_excerpt: Buffer | null;
}

export interface SettingsTable {
  key: string;
  value: Json<unknown>;
  updated_at: TimeWithDefault;
}

/** What an operator wants done with items for which a condition holds, in the order of positions. */
export interface RulesTable {
  id: string;
  name: string;
  condition: Json<RuleCondition>;
  actions: Json<RuleAction[]>;
  enabled: Generated<boolean>;
  position: number;
  /** Expressions that name no word that must be there: they run over every text. */
  wide_regexes: Generated<number>;
  created_at: TimeWithDefault;
  updated_at: TimeWithDefault;
}

/** A list of phrases that each stand for a tag; `entries` counts them. */
export interface DictionariesTable {
  id: string;
  name: string;
  match_case: Generated<boolean>;
  entries: Generated<number>;
  created_at: TimeWithDefault;
  updated_at: TimeWithDefault;
}

export interface DictionaryEntriesTable {
  dictionary_id: string;
  /** The phrase as it is compared. */
  key: string;
  scheme: TagScheme;
  slug: string;
  phrase: string;
  name: string;
}

/** What rules decided of an item's version; no row: nothing. `routes`: slugs of channels. */
export interface RuleOutcomesTable {
  item_id: string;
  version: number;
  rules: Json<{ id: string; name: string }[]>;
  /** In place of the partner's. */
  priority: number | null;
  routes: string[];
  /** SCHEME/SLUG of the tags that rules and dictionaries give; null: decided before this was kept. */
  tags: string[] | null;
  /** Of those that rules take. */
  untagged: string[];
  decided_at: TimeWithDefault;
}

/** Limits that an operator set for a host; 0 requests a minute: none. */
export interface HostBudgetsTable {
  host: string;
  requests_per_minute: number;
  connections: number;
  created_at: TimeWithDefault;
  updated_at: TimeWithDefault;
}

export interface HostSlotsTable {
  host: string;
  /** When all polls that were let go or promised a moment are paid for. */
  free_at: Time;
  /** Retry-After of the whole host. */
  closed_until: TimeWithDefault;
}

export interface ImportsTable {
  id: string;
  status: 'running' | 'done' | 'failed' | 'interrupted';
  /** The head's title of the list. */
  title: string | null;
  /** Why it failed or was interrupted, and what to do. */
  error: string | null;
  bytes_total: number;
  bytes_read: Generated<number>;
  added: Generated<number>;
  already_here: Generated<number>;
  failed: Generated<number>;
  started_at: TimeWithDefault;
  /** Written with every batch: an import that is silent for long has lost its process. */
  progress_at: TimeWithDefault;
  finished_at: Time | null;
}

export interface ImportLinesTable {
  import_id: string;
  /** Counts the list's feeds from 1. */
  position: number;
  /** Line of the file. */
  line: number;
  outcome: 'added' | 'already-here' | 'failed';
  url: string | null;
  title: string | null;
  feed_id: string | null;
  reason: string | null;
}

/** What a partner's category means; `partner_id` null: any partner's. `topic_code` null: it names no topic. */
export interface TopicMappingsTable {
  id: string;
  partner_id: string | null;
  /** As the operator wrote it; `category_key` is how it is compared. */
  category: string;
  category_key: string;
  topic_code: string | null;
  created_at: TimeWithDefault;
  updated_at: TimeWithDefault;
}

/** One row. */
export interface TopicMappingRevisionTable {
  revision: number;
}

/** One row. */
export interface ClassifierStateTable {
  enabled: Generated<boolean>;
  /** An operator asked for a training. */
  wanted_at: Time | null;
  next_look_at: TimeWithDefault;
  /** What the last look or training came to, in words. */
  note: string | null;
  noted_at: Time | null;
  lease_token: string | null;
  lease_until: Time | null;
}

/** How a version did for one topic on the newest items, which it was not trained on. */
export interface ClassifierTopic {
  slug: string;
  name: string;
  /** Items that it learned the topic from. */
  samples: number;
  /** The topic is only given from this confidence on; null: never. */
  threshold: number | null;
  /** Of the held-out items: how many have the topic, were given it, and were given it rightly. */
  positives: number;
  given: number;
  right: number;
  /** False with the reason in words. */
  isUsed: boolean;
  reason: string;
}

export interface ClassifierLanguage {
  language: string;
  samples: number;
  given: number;
  right: number;
  isUsed: boolean;
}

export interface ClassifierVersionsTable {
  version: number;
  status: 'active' | 'refused' | 'retired';
  /** Why it has this status, in words. */
  reason: string;
  samples: number;
  trained_samples: number;
  tested_samples: number;
  newest_sample_at: Time | null;
  /** The precision it had to reach. */
  bar: number;
  precision: number | null;
  coverage: number | null;
  topics: Json<ClassifierTopic[]>;
  languages: Json<ClassifierLanguage[]>;
  /** As apps/processor/src/classifier/packed-model.ts writes it; only the active version keeps it. */
  model: Buffer | null;
  seconds: number;
  created_at: TimeWithDefault;
}

export interface Schema {
  partners: PartnersTable;
  feeds: FeedsTable;
  feed_settings: FeedSettingsTable;
  imports: ImportsTable;
  import_lines: ImportLinesTable;
  feed_subscriptions: FeedSubscriptionsTable;
  hub_subscriptions: HubSubscriptionsTable;
  fetches: FetchesTable;
  documents: DocumentsTable;
  reparse_runs: ReparseRunsTable;
  reparse_held: ReparseHeldTable;
  item_batches: ItemBatchesTable;
  items: ItemsTable;
  stories: StoriesTable;
  rights_reviews: RightsReviewsTable;
  story_items: StoryItemsTable;
  identity_keys: IdentityKeysTable;
  item_fingerprints: ItemFingerprintsTable;
  item_sketches: ItemSketchesTable;
  identity_announcements: IdentityAnnouncementsTable;
  shingle_frequencies: CountedHashesTable;
  fingerprint_frequencies: CountedHashesTable;
  counted_texts: CountedTextsTable;
  partner_sentences: PartnerSentencesTable;
  story_partners: StoryPartnersTable;
  story_versions: StoryVersionsTable;
  story_clusters: StoryClustersTable;
  story_cluster_queue: StoryClusterQueueTable;
  story_cluster_lane: StoryClusterLaneTable;
  reprocessing_runs: ReprocessingRunsTable;
  story_actions: StoryActionsTable;
  story_separations: StorySeparationsTable;
  story_tags_refused: StoryTagsRefusedTable;
  tags: TagsTable;
  story_tags: StoryTagsTable;
  events: EventsTable;
  channels: ChannelsTable;
  channel_slugs: ChannelSlugsTable;
  channel_rechecks: ChannelRechecksTable;
  channel_stories: ChannelStoriesTable;
  feed_archives: FeedArchivesTable;
  channel_departures: ChannelDeparturesTable;
  endpoints: EndpointsTable;
  key_rotations: KeyRotationsTable;
  access_tokens: AccessTokensTable;
  deliveries: DeliveriesTable;
  replays: ReplaysTable;
  attempts: AttemptsTable;
  settings: SettingsTable;
  rules: RulesTable;
  dictionaries: DictionariesTable;
  dictionary_entries: DictionaryEntriesTable;
  rule_outcomes: RuleOutcomesTable;
  host_budgets: HostBudgetsTable;
  host_slots: HostSlotsTable;
  topic_mappings: TopicMappingsTable;
  topic_mapping_revision: TopicMappingRevisionTable;
  classifier_state: ClassifierStateTable;
  classifier_versions: ClassifierVersionsTable;
  search_words: SearchWordsTable;
  search_word_lane: SearchWordLaneTable;
}
