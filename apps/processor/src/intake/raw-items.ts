/** Items as the cleaning threads want them, with the boilerplate that their partners let us cut. */
import { Injectable } from '@nestjs/common';
import type { UnprocessedItem } from '#storage/processed-item.repository.js';
import { TextStatistics } from '../identity/text-statistics.js';
import type { RawItem } from './clean-item.js';

@Injectable()
export class RawItems {
  constructor(private readonly statistics: TextStatistics) {}

  /** In the order of the items. */
  async of(items: readonly UnprocessedItem[]): Promise<RawItem[]> {
    const cutting = new Set(
      items.filter(({ partner }) => partner.rights.cutBoilerplate === true).map((i) => i.partner.id),
    );
    await this.statistics.meet([...cutting]);
    const boilerplate = new Map([...cutting].map((id) => [id, this.statistics.boilerplateOf(id)]));
    return items.map(({ parsed, publishedAt, receivedAt, partner, feed }) => {
      const cut = boilerplate.get(partner.id);
      const at = (publishedAt ?? receivedAt).toISOString();
      return { parsed, at, claims: [parsed.language ?? null, feed.language], ...(cut && { boilerplate: cut }) };
    });
  }
}
