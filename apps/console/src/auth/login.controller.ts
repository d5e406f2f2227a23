/** The login page: takes the token once and gives the browser a session for the operator's pages. */
import { Body, Controller, Get, Inject, Logger, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CONFIG, type Config } from '#config/config.js';
import { loginPage } from '../pages/login.page.js';
import { sendPage } from '../pages/send-page.js';
import { Access } from './access.js';
import { endedSessionCookie, sessionCookie } from './session-cookie.js';

const nextSchema = z.string().max(2_000).default('/').catch('/');
const loginSchema = z.object({ token: z.string().max(500).default(''), next: nextSchema });
const loginQuerySchema = z.object({ next: nextSchema });

@ApiExcludeController()
@Controller()
export class LoginController {
  private readonly logger = new Logger(LoginController.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly access: Access,
  ) {}

  @Get('login')
  async show(@Query({ schema: loginQuerySchema }) query: z.infer<typeof loginQuerySchema>, @Res() reply: FastifyReply) {
    await sendPage(reply, 200, loginPage({ next: query.next }));
  }

  @Post('login')
  async logIn(
    @Body({ schema: loginSchema }) body: z.infer<typeof loginSchema>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const verdict = this.access.judgeToken(body.token.trim(), request.ip);
    if (verdict === 'allowed') {
      this.logger.log({ msg: 'operator logged in', address: request.ip });
      const cookie = sessionCookie(this.config, Date.now(), request.protocol === 'https');
      await reply.header('set-cookie', cookie).header('cache-control', 'no-store').redirect(ownPath(body.next), 303);
      return;
    }
    const error =
      verdict === 'wait'
        ? 'That is not the token of this hub, nor were many others that came from your address.'
        : 'That is not the token of this hub.';
    const page = loginPage({ next: body.next, error });
    await sendPage(reply, verdict === 'wait' ? 429 : 401, page);
  }

  @Post('logout')
  async logOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    await reply.header('set-cookie', endedSessionCookie(request.protocol === 'https')).redirect('/login', 303);
  }
}

/** Only a path of this host: `//other.example` and `/\other.example` lead elsewhere. */
function ownPath(next: string): string {
  return /^\/(?![/\\])[^\s\\]*$/.test(next) && !next.startsWith('/login') ? next : '/';
}
