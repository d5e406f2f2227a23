/** Who gets stories from this hub: a number for publishers. */
import { Injectable } from '@nestjs/common';
import { Database } from './database.js';

@Injectable()
export class SubscriberRepository {
  constructor(private readonly database: Database) {}

  /** Active endpoints, the demo's and those of replays left out. */
  async countActive(): Promise<number> {
    const row = await this.database.db
      .selectFrom('endpoints')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('status', '=', 'active')
      .where('is_demo', '=', false)
      .where('replay_of', 'is', null)
      .executeTakeFirstOrThrow();
    return row.count;
  }
}
