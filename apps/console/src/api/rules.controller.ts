/** /api/v1/rules: what the hub does with items for which a condition holds. */
import { Body, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import type { RuleAction } from '#contracts/rule.js';
import { ChannelRepository } from '#storage/channel.repository.js';
import { type RulePatch, RuleRepository, type SavedRule } from '#storage/rule.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { page, pageAsked } from './lists.js';
import { conflict, invalid, notFound, unprocessable } from './problem.js';
import { ruleMistakes, wideRegexes } from './rule-check.js';
import { RulePreview } from './rule-preview.js';
import {
  newRulePreviewSchema,
  newRuleSchema,
  ruleConflictSchema,
  rulePageSchema,
  rulePatchSchema,
  rulePreviewSchema,
  ruleQuerySchema,
  ruleSchema,
  ruleView,
} from './rules.schemas.js';

@ApiResource('rules')
export class RulesController {
  constructor(
    private readonly rules: RuleRepository,
    private readonly channels: ChannelRepository,
    private readonly previews: RulePreview,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Rules in the order in which they take effect' })
  @Answers(200, rulePageSchema, 'A page of rules.')
  async list(@Query({ schema: ruleQuerySchema }) query: z.infer<typeof ruleQuerySchema>) {
    const asked = pageAsked(query);
    return page(await this.rules.list(asked), asked.limit, ruleView);
  }

  @Post()
  @ApiOperation({
    summary: 'Add a rule',
    description: 'In force within a second or two, for items that come in from then on.',
  })
  @Answers(201, ruleSchema, 'The new rule.')
  @Answers(409, ruleConflictSchema, 'The name is taken; `id` has it.')
  async create(@Body({ schema: newRuleSchema }) body: z.infer<typeof newRuleSchema>) {
    await this.check(body);
    return saved(await this.rules.create({ ...body, wideRegexes: wideRegexes(body.condition) }), body.name);
  }

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What a draft would change',
    description: 'Runs it over the leading items of the newest stories, at most five seconds. Writes nothing.',
  })
  @Answers(200, rulePreviewSchema, 'What would be different.')
  async preview(@Body({ schema: newRulePreviewSchema }) body: z.infer<typeof newRulePreviewSchema>) {
    const { condition, actions, ruleId, stories } = body;
    await this.check(body);
    const present = ruleId === undefined ? undefined : await this.rules.get(ruleId);
    if (ruleId !== undefined && present === undefined) throw notFound('rule', ruleId);
    return this.previews.run({ condition, actions, replaces: present?.name ?? null }, stories);
  }

  @Get(':id')
  @ApiId('rule')
  @ApiOperation({ summary: 'One rule' })
  @Answers(200, ruleSchema, 'The rule.')
  async get(@Id() id: string) {
    const row = await this.rules.get(id);
    if (row === undefined) throw notFound('rule', id);
    return ruleView(row);
  }

  @Patch(':id')
  @ApiId('rule')
  @ApiOperation({
    summary: 'Change, order, enable or disable a rule',
    description: 'What it did before stays as it is.',
  })
  @Answers(200, ruleSchema, 'The rule as it is now.')
  @Answers(409, ruleConflictSchema, 'The name is taken; `id` has it.')
  async update(@Id() id: string, @Body({ schema: rulePatchSchema }) body: z.infer<typeof rulePatchSchema>) {
    await this.check(body);
    const wide = body.condition === undefined ? {} : { wideRegexes: wideRegexes(body.condition) };
    const result = await this.rules.update(id, { ...body, ...wide });
    if (result === undefined) throw notFound('rule', id);
    return saved(result, body.name ?? '');
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiId('rule')
  @ApiOperation({ summary: 'Remove a rule', description: 'What it did stays as it is.' })
  @Answers(204, null, 'Removed.')
  async remove(@Id() id: string): Promise<void> {
    if (!(await this.rules.remove(id))) throw notFound('rule', id);
  }

  private async check({ condition, actions }: RulePatch): Promise<void> {
    const mistakes = ruleMistakes({ condition, actions });
    if (mistakes.length > 0) throw invalid(mistakes);
    const routes = (actions ?? []).map((action, index) => ({ action, index })).filter(isRoute);
    for (const { action, index } of routes) {
      if ((await this.channels.bySlug(action.channel)) !== undefined) continue;
      const message = `there is no channel ${JSON.stringify(action.channel)}: make it first, with POST /api/v1/channels`;
      throw unprocessable('no-such-channel', [{ path: `actions.${index}.channel`, message }]);
    }
  }
}

function isRoute(one: { action: RuleAction; index: number }): one is {
  action: Extract<RuleAction, { kind: 'route' }>;
  index: number;
} {
  return one.action.kind === 'route';
}

function saved(result: SavedRule, name: string) {
  if ('rule' in result) return ruleView(result.rule);
  if ('taken' in result)
    throw conflict(
      'rule-already-here',
      `A rule has the name ${JSON.stringify(name)}: it is ${result.taken}. Change that one, or take another name.`,
      { id: result.taken },
    );
  if ('full' in result)
    throw conflict(
      'too-many-rules',
      `There are ${result.full} rules, and no more may be. Remove some, or use a dictionary.`,
    );
  throw conflict(
    'too-many-wide-expressions',
    `With this one, rules would have more than ${result.wide} expressions that name no word that must be there, and each runs over every text. Add a phrase, or a longer word inside the expression.`,
  );
}
