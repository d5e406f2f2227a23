/** `/archive`, `/archive/YYYY`, `/archive/YYYY/MM`, `/archive/YYYY/MM/DD`. */
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { inEveryLanguage } from './editions.js';
import { ArchivePage } from './archive-page.js';
import { pageKey } from './list-page.js';
import { PageServer } from './page-server.js';

@ApiExcludeController()
@Controller(inEveryLanguage('archive'))
export class ArchiveController {
  constructor(
    private readonly pages: PageServer,
    private readonly archive: ArchivePage,
  ) {}

  @Get()
  index(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pages.answer(request, reply, '/archive', ({ edition }) => this.archive.index(edition));
  }

  @Get(':year')
  year(@Param('year') year: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const date = parseDay(year, '01', '01');
    return this.pages.answer(
      request,
      reply,
      addressKey(year),
      async ({ edition }) => date && this.archive.year(Number(year), edition),
    );
  }

  @Get(':year/:month')
  month(
    @Param('year') year: string,
    @Param('month') month: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const date = parseDay(year, month, '01');
    return this.pages.answer(
      request,
      reply,
      addressKey(year, month),
      async ({ edition }) => date && this.archive.calendar(Number(year), Number(month), edition),
    );
  }

  @Get(':year/:month/:day')
  day(
    @Param('year') year: string,
    @Param('month') month: string,
    @Param('day') day: string,
    @Query('before') before: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const date = parseDay(year, month, day);
    return this.pages.answer(
      request,
      reply,
      pageKey(addressKey(year, month, day), before),
      async ({ edition }) => date && this.archive.day(date, before, edition),
    );
  }
}

/** The address as it was written: an encoded slash in a part is not a slash between parts. */
function addressKey(...parts: string[]): string {
  return ['/archive', ...parts.map(encodeURIComponent)].join('/');
}

/** Midnight (UTC) of a day that exists, written with four, two and two digits; else undefined. */
function parseDay(year: string, month: string, day: string): Date | undefined {
  const text = `${year}-${month}-${day}`;
  if (!/^[12]\d{3}-\d\d-\d\d$/.test(text)) return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? date : undefined;
}
