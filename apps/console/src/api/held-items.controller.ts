/** /api/v1/items/ID/release and /drop: an operator's word on what a rule holds for review. */
import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { type Decided, HeldItemRepository } from '#storage/held-item.repository.js';
import { ItemAdminRepository } from '#storage/item-admin.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { itemSchema, itemView } from './items.schemas.js';
import { conflict, notFound } from './problem.js';
import { fields } from './validation.js';

const dropSchema = fields({
  reason: z.string().trim().max(300).optional().meta({ description: 'Shown as the reason of its state.' }),
})
  .prefault({})
  .meta({ id: 'ItemDrop', example: { reason: 'not confirmed' } });

@ApiResource('items')
export class HeldItemsController {
  constructor(
    private readonly held: HeldItemRepository,
    private readonly items: ItemAdminRepository,
  ) {}

  @Post(':id/release')
  @HttpCode(202)
  @ApiId('item')
  @ApiOperation({
    summary: 'Let a held or dropped item in',
    description:
      'Its present version goes on to its story within a second or two, and no rule drops or holds it. GET /items?state=held lists what waits.',
  })
  @Answers(202, itemSchema, 'The item, on its way.')
  async release(@Id() id: string) {
    return this.answer(id, await this.held.release(id), 'Only what is held or dropped can be released.');
  }

  @Post(':id/drop')
  @HttpCode(200)
  @ApiId('item')
  @ApiOperation({
    summary: 'Drop a held item',
    description: 'A later version of it is judged anew. A story that has an earlier version keeps it.',
  })
  @Answers(200, itemSchema, 'The dropped item.')
  async drop(@Id() id: string, @Body({ schema: dropSchema }) { reason }: z.infer<typeof dropSchema>) {
    const why = `dropped by an operator${reason === undefined || reason === '' ? '' : `: ${reason}`}`;
    return this.answer(id, await this.held.drop(id, why), 'Only what is held can be dropped.');
  }

  private async answer(
    id: string,
    { done, state, isWithdrawn = false }: Decided,
    otherwise: string,
  ): Promise<z.infer<typeof itemSchema>> {
    const item = state === null ? undefined : await this.items.get(id);
    if (item === undefined) throw notFound('item', id);
    if (done) return itemView(item);
    if (isWithdrawn)
      throw conflict('withdrawn', `The item was taken down. Put it back first: POST /api/v1/items/${id}/restore.`, {
        state,
      });
    throw conflict('not-held', `The item is ${state ?? ''}. ${otherwise}`, { state });
  }
}
