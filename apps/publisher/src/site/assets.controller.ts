/** The stylesheet and the icons. */
import { Controller, Get, NotFoundException, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendDocument } from '../serving/send-document.js';
import { SiteAssets } from './site-assets.js';

@ApiExcludeController()
@Controller()
export class AssetsController {
  constructor(private readonly assets: SiteAssets) {}

  @Get('assets/:hash/:name')
  asset(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send(name, request, reply);
  }

  /** Browsers ask for this one on their own. */
  @Get('favicon.ico')
  favicon(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send('favicon.ico', request, reply);
  }

  private async send(name: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const document = this.assets.document(name);
    if (document === undefined) throw new NotFoundException();
    await sendDocument(request, reply, document);
  }
}
