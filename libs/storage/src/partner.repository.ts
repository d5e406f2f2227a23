/** Partners: the organisations that supply feeds. */
import { Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { homeKey } from '#domain/home-key.js';
import { slugify } from '#domain/slug.js';
import { Database } from './database.js';
import type { PartnerRights } from '#domain/story-rights.js';
import type { Schema } from './schema.js';
import { uuidV7 } from './uuid.js';

/** `namedByOperator` false lets the first fetch of its feed give the partner its name. */
export interface NewPartner {
  name: string;
  /** Where the slug comes from, when not from the name. */
  slugFrom?: string;
  namedByOperator: boolean;
  siteUrl?: string | null;
  contact?: string | null;
  priority?: number;
  rights?: PartnerRights;
  isDemo?: boolean;
}

@Injectable()
export class PartnerRepository {
  constructor(private readonly database: Database) {}

  /** Adds a partner under a slug of its own, which never changes. */
  async create(partner: NewPartner): Promise<{ id: string; slug: string }> {
    return createPartner(this.database.db, partner);
  }

  /** Adds a partner under this slug and no other; undefined when it is taken. */
  async createAs(slug: string, partner: NewPartner): Promise<{ id: string } | undefined> {
    return insertPartner(this.database.db, slug, partner);
  }
}

/** As `PartnerRepository.create`, on a given connection. A slug that is taken gets the next free number. */
export async function createPartner(db: Kysely<Schema>, partner: NewPartner): Promise<{ id: string; slug: string }> {
  const base = slugify(partner.slugFrom ?? partner.name) || 'partner';
  for (let number = 1; ; number++) {
    const inserted = await insertPartner(db, number === 1 ? base : `${base}-${number}`, partner);
    if (inserted) return inserted;
  }
}

async function insertPartner(
  db: Kysely<Schema>,
  slug: string,
  partner: NewPartner,
): Promise<{ id: string; slug: string } | undefined> {
  return db
    .insertInto('partners')
    .values({
      id: uuidV7(),
      slug,
      name: partner.name,
      named_by_operator: partner.namedByOperator,
      site_url: partner.siteUrl ?? null,
      contact: partner.contact ?? null,
      priority: partner.priority ?? 0,
      rights: JSON.stringify(partner.rights ?? {}),
      // A partner that a feed brings gets its key when the feed has shown whose it is.
      home_key: partner.namedByOperator && partner.siteUrl ? homeKey(partner.siteUrl) : null,
      is_demo: partner.isDemo ?? false,
    })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning(['id', 'slug'])
    .executeTakeFirst();
}
