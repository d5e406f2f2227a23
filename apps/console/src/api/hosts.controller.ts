/** /api/v1/hosts: how much the hub asks of each host that feeds live on. */
import { Body, Delete, Get, HttpCode, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { z } from 'zod';
import { CONFIG, type Config } from '#config/config.js';
import { parseUrl } from '#domain/parse-url.js';
import { HostBudgetRepository } from '#storage/host-budget.repository.js';
import { Answers, ApiResource } from './api-route.js';
import { hostLimitsSchema, hostPageSchema, hostQuerySchema, hostSchema, hostView } from './hosts.schemas.js';
import { pageAsked, pageFrom } from './lists.js';
import { notFound } from './problem.js';

const hostParam = z
  .string()
  .max(300)
  .transform((text, context) => {
    const url = parseUrl(`http://${text}`);
    if (url !== null && url.host !== '' && `${url.protocol}//${url.host}/` === url.href) return url.host;
    context.addIssue({
      code: 'custom',
      message: 'a host is written as in a URL, for example news.example or 10.0.0.7:8080',
    });
    return z.NEVER;
  });
const Host = () => Param('host', { schema: hostParam });
const ApiHost = () => ApiParam({ name: 'host', description: 'The host, with its port where it is not the usual one.' });

@ApiResource('hosts')
export class HostsController {
  constructor(
    private readonly hosts: HostBudgetRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Hosts with their limits and feeds, by name' })
  @Answers(200, hostPageSchema, 'A page of hosts.')
  async list(@Query({ schema: hostQuerySchema }) query: z.infer<typeof hostQuerySchema>) {
    const { limit, after } = pageAsked(query, 'host');
    const rows = await this.hosts.list({ limit, after, limited: query.limited });
    const items = rows.slice(0, limit);
    return pageFrom({ items, nextCursor: rows.length > limit ? (items.at(-1)?.host ?? null) : null }, hostView);
  }

  @Get(':host')
  @ApiHost()
  @ApiOperation({ summary: 'One host' })
  @Answers(200, hostSchema, 'The host.')
  async get(@Host() host: string) {
    const row = await this.hosts.get(host);
    if (row === undefined) throw notFound('host', host);
    return hostView(row);
  }

  @Put(':host')
  @ApiHost()
  @ApiOperation({
    summary: 'Give a host limits of its own',
    description:
      'For hosts with thousands of feeds, or tender ones. Feeds that wait by the old limits are looked at anew.',
  })
  @Answers(200, hostSchema, 'The host as it is now.')
  async put(@Host() host: string, @Body({ schema: hostLimitsSchema }) body: z.infer<typeof hostLimitsSchema>) {
    const { requestsPerMinute, connections = this.config.hostConnections } = body;
    await this.hosts.put(host, { requestsPerMinute, connections });
    return this.get(host);
  }

  @Delete(':host')
  @HttpCode(204)
  @ApiHost()
  @ApiOperation({ summary: "Give a host the hub's own limits back" })
  @Answers(204, null, 'Done.')
  async remove(@Host() host: string): Promise<void> {
    if (!(await this.hosts.remove(host))) throw notFound('host with limits of its own called', host);
  }
}
