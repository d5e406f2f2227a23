/** /api/v1/partners: the organisations that supply feeds. */
import { Body, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { PartnerAdminRepository } from '#storage/partner-admin.repository.js';
import { PartnerRepository } from '#storage/partner.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { DemoEnd } from './demo-end.js';
import { page, pageAsked } from './lists.js';
import {
  newPartnerSchema,
  partnerPageSchema,
  partnerPatchSchema,
  partnerQuerySchema,
  partnerSchema,
  partnerView,
} from './partners.schemas.js';
import { conflict, notFound } from './problem.js';

@ApiResource('partners')
export class PartnersController {
  constructor(
    private readonly partners: PartnerRepository,
    private readonly admin: PartnerAdminRepository,
    private readonly demoEnd: DemoEnd,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Partners, newest first' })
  @Answers(200, partnerPageSchema, 'A page of partners.')
  async list(@Query({ schema: partnerQuerySchema }) query: z.infer<typeof partnerQuerySchema>) {
    const asked = pageAsked(query);
    return page(await this.admin.list(asked), asked.limit, partnerView);
  }

  @Post()
  @ApiOperation({ summary: 'Add a partner', description: 'The first real one ends the demo for good.' })
  @Answers(201, partnerSchema, 'The new partner.')
  @Answers(409, partnerSchema.pick({ id: true }), 'The slug is taken; `id` has it.')
  async create(@Body({ schema: newPartnerSchema }) body: z.infer<typeof newPartnerSchema>) {
    const { slug, demo, ...facts } = body;
    if (demo) await this.demoEnd.refuseWhenOver();
    const partner = {
      name: facts.name,
      namedByOperator: true,
      isDemo: demo,
      ...(facts.siteUrl === undefined ? {} : { siteUrl: facts.siteUrl }),
      ...(facts.contact === undefined ? {} : { contact: facts.contact }),
      ...(facts.priority === undefined ? {} : { priority: facts.priority }),
      ...(facts.rights === undefined ? {} : { rights: facts.rights }),
    };
    const made = await (slug === undefined ? this.partners.create(partner) : this.partners.createAs(slug, partner));
    if (made === undefined) throw await this.slugTaken(slug ?? '');
    if (!demo) await this.demoEnd.begin();
    return this.get(made.id);
  }

  @Get(':id')
  @ApiId('partner')
  @ApiOperation({ summary: 'One partner' })
  @Answers(200, partnerSchema, 'The partner.')
  async get(@Id() id: string) {
    const row = await this.admin.get(id);
    if (row === undefined) throw notFound('partner', id);
    return partnerView(row);
  }

  @Patch(':id')
  @ApiId('partner')
  @ApiOperation({ summary: 'Change a partner', description: 'Fields left out stay as they are.' })
  @Answers(200, partnerSchema, 'The partner as it is now.')
  async update(@Id() id: string, @Body({ schema: partnerPatchSchema }) body: z.infer<typeof partnerPatchSchema>) {
    if (!(await this.admin.update(id, body))) throw notFound('partner', id);
    return this.get(id);
  }
  private async slugTaken(slug: string) {
    const id = await this.admin.idBySlug(slug);
    return conflict(
      'partner-already-here',
      `A partner has the slug ${slug}: it is ${id}. Change that one, or take another slug.`,
      { id },
    );
  }
}
