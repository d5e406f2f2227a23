/** Writes a webhook's body, full or thin, from what an event froze. */
import { BODY_SCHEMA_VERSION, type EventType } from '#contracts/events.js';
import type { BodyForm } from '#contracts/webhook-schemas.js';
import { ownBytes } from './own-bytes.js';

/** An event as bodies are made from it; `data` is what it froze. */
export interface EventToTell {
  type: EventType;
  createdAt: Date;
  data: Record<string, unknown>;
}

/**
 * The bytes that are signed and sent. Key order is jsonb's own, which depends on the keys alone: every process writes the
 * same bytes.
 */
export function webhookBody({ type, createdAt, data }: EventToTell, form: BodyForm): Buffer {
  const body = {
    type,
    schemaVersion: BODY_SCHEMA_VERSION,
    timestamp: createdAt.toISOString(),
    data: form === 'full' ? data : thinData(data),
  };
  return ownBytes(JSON.stringify(body));
}

/** Ids, versions and addresses of what an event is about: nothing that rights could speak of. */
export function thinData(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    ['story', 'mergedInto', 'endpoint'].flatMap((about) => {
      const named = data[about];
      if (typeof named !== 'object' || named === null) return [];
      const { id, version, url } = named as { id?: unknown; version?: unknown; url?: unknown };
      return [[about, { id, ...(version === undefined ? {} : { version }), url }]];
    }),
  );
}
