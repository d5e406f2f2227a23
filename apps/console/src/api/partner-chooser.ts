/** Finds the partner that a feed is to belong to, by id, slug or name. */
import { Injectable } from '@nestjs/common';
import { PartnerAdminRepository } from '#storage/partner-admin.repository.js';
import { PartnerRepository } from '#storage/partner.repository.js';
import type { NewFeedBody } from './feeds.schemas.js';
import { invalid } from './problem.js';

@Injectable()
export class PartnerChooser {
  constructor(
    private readonly partners: PartnerRepository,
    private readonly partnerAdmin: PartnerAdminRepository,
  ) {}

  /** The id of the partner that was named, added if unknown; undefined when none was: the feed then makes its own. */
  async choose({
    partnerId,
    partner,
    demo,
  }: Pick<NewFeedBody, 'partnerId' | 'partner' | 'demo'>): Promise<string | undefined> {
    if (partnerId === undefined && partner === undefined) return undefined;
    const known =
      partnerId === undefined
        ? await this.partnerAdmin.findByName(partner ?? '')
        : await this.partnerAdmin.get(partnerId);
    if (known === undefined && partner === undefined)
      throw invalid([{ path: 'partnerId', message: 'there is no such partner; GET /api/v1/partners lists them' }]);
    if (known === undefined)
      return (await this.partners.create({ name: partner ?? '', namedByOperator: true, isDemo: demo })).id;
    if (known.is_demo && !demo)
      throw invalid([
        {
          path: partnerId === undefined ? 'partner' : 'partnerId',
          message: 'that partner belongs to the demo and goes with it; name another, or leave it out',
        },
      ]);
    return known.id;
  }
}
