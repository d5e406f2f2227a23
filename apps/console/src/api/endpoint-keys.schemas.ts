/** Keys of endpoints and pings on the wire. */
import { z } from 'zod';
import type { KeyRotationRow } from '#storage/endpoint-key.repository.js';
import { dateTime } from './api-route.js';
import { pageFields, pageOf } from './lists.js';
import { fields } from './validation.js';

const DAY_SECONDS = 86_400;
const signing = z.enum(['hmac', 'ed25519']);

export const pingSchema = z
  .object({
    deliveryId: z.uuid().meta({ description: 'GET /api/v1/deliveries/ID shows its attempts.' }),
    webhookId: z.string().meta({ description: 'The webhook-id header that the ping carries.' }),
  })
  .meta({ id: 'Ping' });

export const rotationWishSchema = fields({
  overlapSeconds: z
    .number()
    .int()
    .min(0)
    .max(30 * DAY_SECONDS)
    .default(DAY_SECONDS)
    .meta({
      description: 'How long the old key signs along; 0 ends it, and all before it, at once.',
      example: DAY_SECONDS,
    }),
  signing: signing.optional().meta({ description: "The new key's kind; left out: as before." }),
})
  .prefault({})
  .meta({ id: 'RotationWish' });

const rotationSchema = z
  .object({
    id: z.uuid(),
    endpointId: z.uuid(),
    signing,
    formerUntil: dateTime.meta({ description: 'Until then the key before signs as well.' }),
    rotatedBy: z.string().meta({ example: 'an operator' }),
    rotatedAt: dateTime,
  })
  .meta({ id: 'KeyRotation' });
export const rotationPageSchema = pageOf(rotationSchema, 'KeyRotationPage');
export const rotationQuerySchema = fields(pageFields);
export const newKeySchema = rotationSchema
  .extend({
    secret: z.string().nullable().meta({ description: 'Shown now and never again. Null with ed25519.' }),
    publicKey: z.string().nullable().meta({ description: 'Verifies v1a signatures. Null with hmac.' }),
  })
  .meta({ id: 'NewKey' });

export function rotationView(row: KeyRotationRow): z.infer<typeof rotationSchema> {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    signing: row.signing,
    formerUntil: row.former_until.toISOString(),
    rotatedBy: row.rotated_by,
    rotatedAt: row.rotated_at.toISOString(),
  };
}
