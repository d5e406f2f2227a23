/** What is asked of stories and what became of it: the queue between console and processor, and the audit. */
import { Injectable } from '@nestjs/common';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { StoryActionFacts, StoryActionKind, StoryActionRequest } from '#contracts/story-actions.js';
import { Database } from './database.js';
import type { Schema, StoryActionsTable } from './schema.js';
import { uuidV7 } from './uuid.js';

export type StoryActionRow = Selectable<StoryActionsTable>;

export interface NewStoryAction {
  kind: StoryActionKind;
  storyId: string | null;
  itemId?: string | null;
  actor: string;
  reason: string | null;
  request: StoryActionRequest;
  undoes?: string;
}

/** An action that was carried out the moment it was thought of: the machine's own merges. */
export interface DoneStoryAction extends NewStoryAction {
  id: string;
  outcome: string;
  before: StoryActionFacts;
}

export interface StoryActionQuery {
  limit: number;
  after?: string | undefined;
  storyId?: string | undefined;
  itemId?: string | undefined;
  kind?: StoryActionKind | undefined;
  status?: StoryActionRow['status'] | undefined;
}

const OPPOSITES: readonly StoryActionKind[][] = [
  ['withdraw', 'restore'],
  ['withdraw-item', 'restore-item'],
  ['lead'],
  ['tags'],
];

@Injectable()
export class StoryActionRepository {
  constructor(private readonly database: Database) {}

  /** Asked for; the processor carries it out. */
  async ask(
    action: NewStoryAction,
    executor: Kysely<Schema> | Transaction<Schema> = this.database.db,
  ): Promise<StoryActionRow> {
    const { kind, storyId, itemId = null, actor, reason, request, undoes = null } = action;
    return executor
      .insertInto('story_actions')
      .values({
        ...{ id: uuidV7(), kind, story_id: storyId, item_id: itemId, actor, reason, undoes },
        request: JSON.stringify(request),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  async addDone(trx: Transaction<Schema>, actions: readonly DoneStoryAction[]): Promise<void> {
    if (actions.length === 0) return;
    await trx
      .insertInto('story_actions')
      .values(
        actions.map(({ id, kind, storyId, actor, reason, request, outcome, before }) => ({
          ...{ id, kind, story_id: storyId, actor, reason, outcome, status: 'done' as const, done_at: new Date() },
          request: JSON.stringify(request),
          before: JSON.stringify(before),
        })),
      )
      .execute();
  }

  async get(id: string): Promise<StoryActionRow | undefined> {
    return this.database.db.selectFrom('story_actions').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Newest first; one row more than `limit` when there is more. */
  async list({ limit, after, storyId, itemId, kind, status }: StoryActionQuery): Promise<StoryActionRow[]> {
    let rows = this.database.db.selectFrom('story_actions').selectAll().orderBy('id', 'desc');
    if (after !== undefined) rows = rows.where('id', '<', after);
    if (itemId !== undefined) rows = rows.where('item_id', '=', itemId);
    if (kind !== undefined) rows = rows.where('kind', '=', kind);
    if (status !== undefined) rows = rows.where('status', '=', status);
    if (storyId !== undefined)
      rows = rows.where((eb) =>
        eb.or([
          eb('story_id', '=', storyId),
          eb(sql`request->'storyIds'`, '@>', sql`${JSON.stringify([storyId])}::jsonb`),
        ]),
      );
    return rows.limit(limit + 1).execute();
  }

  /**
   * The oldest that wait and are due. Not claimed: whoever carries one out locks it first. What is asked of an item waits for
   * what was asked of it before, which may be under way or have to be tried again: a return before its take-down is none.
   */
  async due(limit: number): Promise<StoryActionRow[]> {
    return this.database.db
      .selectFrom('story_actions')
      .selectAll()
      .where('status', '=', 'waiting')
      .where('next_try_at', '<=', sql<Date>`now()`)
      .where(
        sql<boolean>`NOT EXISTS (SELECT FROM story_actions earlier WHERE earlier.status = 'waiting'
          AND earlier.item_id = story_actions.item_id AND earlier.id < story_actions.id)`,
      )
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  /**
   * The newest action after this one that says the opposite or the same of its story, item or tags, and stands: only the last of such words is
   * undone. Undefined where there is none, or the action is no such word.
   */
  async laterWord(trx: Transaction<Schema>, action: StoryActionRow): Promise<StoryActionRow | undefined> {
    const kinds = OPPOSITES.find((pair) => pair.includes(action.kind));
    if (kinds === undefined) return undefined;
    return trx
      .selectFrom('story_actions')
      .selectAll()
      .where('kind', 'in', kinds)
      .where(action.item_id === null ? 'story_id' : 'item_id', '=', action.item_id ?? action.story_id)
      .where('id', '>', action.id)
      .where('status', '=', 'done')
      .where('undone_by', 'is', null)
      .$if(action.kind === 'tags', (query) => query.where(namesOneOf(tagsOf(action.request))))
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  /** The action, if it still waits, for this transaction alone. Undefined when another process has it. */
  async lockWaiting(trx: Transaction<Schema>, id: string): Promise<StoryActionRow | undefined> {
    return trx
      .selectFrom('story_actions')
      .selectAll()
      .where('id', '=', id)
      .where('status', '=', 'waiting')
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
  }

  async finish(
    trx: Transaction<Schema>,
    action: Pick<StoryActionRow, 'id' | 'undoes'>,
    done: { storyId: string | null; outcome: string; before: StoryActionFacts; after: StoryActionFacts },
  ): Promise<void> {
    await trx
      .updateTable('story_actions')
      .set({
        ...{ status: 'done', outcome: done.outcome, done_at: sql<Date>`now()` },
        ...(done.storyId === null ? {} : { story_id: done.storyId }),
        before: JSON.stringify(done.before),
        after: JSON.stringify(done.after),
      })
      .where('id', '=', action.id)
      .execute();
    if (action.undoes !== null)
      await trx.updateTable('story_actions').set({ undone_by: action.id }).where('id', '=', action.undoes).execute();
  }

  async refuse(id: string, outcome: string): Promise<void> {
    await this.database.db
      .updateTable('story_actions')
      .set({ status: 'refused', outcome, done_at: sql<Date>`now()` })
      .where('id', '=', id)
      .where('status', '=', 'waiting')
      .execute();
  }

  /** It failed for a reason that may pass: tried again later, at most a minute apart. */
  async postpone(id: string, outcome: string): Promise<void> {
    await sql`
      UPDATE story_actions SET tries = tries + 1, outcome = ${outcome},
             next_try_at = now() + least(60, power(2, least(tries, 6))) * interval '1 second'
       WHERE id = ${id} AND status = 'waiting'`.execute(this.database.db);
  }
}

/** SCHEME/SLUG of each tag that is given or taken. */
function tagsOf({ add = [], remove = [] }: StoryActionRequest): string[] {
  return [...add, ...remove].map(({ scheme, slug }) => `${scheme}/${slug}`);
}

/** Whether an action gives or takes one of these tags. */
function namesOneOf(tags: readonly string[]) {
  return sql<boolean>`EXISTS (
    SELECT FROM jsonb_array_elements(coalesce(request->'add', '[]'::jsonb) || coalesce(request->'remove', '[]'::jsonb)) AS tag
     WHERE tag->>'scheme' || '/' || (tag->>'slug') = ANY(${sql.val([...tags])}::text[]))`;
}
