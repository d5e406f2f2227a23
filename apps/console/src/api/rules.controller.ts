/** /api/v1/rules: what the hub does with items for which a condition holds. */
import { Body, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { type RulePatch, RuleRepository, type RuleRow, type SavedRule } from '#storage/rule.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { lostCursor, page, pageAsked } from './lists.js';
import { conflict, invalid, notFound, type ProblemException } from './problem.js';
import { ruleMistakes, ruleNotes, wideRegexes } from './rule-check.js';
import { RuleNames } from './rule-names.js';
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
    private readonly names: RuleNames,
    private readonly previews: RulePreview,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Rules in the order in which they take effect' })
  @Answers(200, rulePageSchema, 'A page of rules.')
  async list(@Query({ schema: ruleQuerySchema }) query: z.infer<typeof ruleQuerySchema>) {
    const asked = pageAsked(query);
    const rows = await this.rules.list(asked);
    const { after } = asked;
    if (rows.length === 0 && after !== undefined && (await this.rules.get(after)) === undefined) throw lostCursor();
    const notes = await this.notes(rows);
    return page(rows, asked.limit, (row) => ruleView(row, notes.get(row.id)));
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
    return this.saved(await this.rules.create({ ...body, wideRegexes: wideRegexes(body.condition) }), body.name);
  }

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What a draft would change',
    description:
      'Runs it, among the rules in force, over the leading items of the newest stories, at most five seconds. Writes nothing.',
  })
  @Answers(200, rulePreviewSchema, 'What would be different.')
  async preview(@Body({ schema: newRulePreviewSchema }) body: z.infer<typeof newRulePreviewSchema>) {
    const { condition, actions, position, ruleId, stories } = body;
    await this.check(body);
    const present = ruleId === undefined ? undefined : await this.rules.get(ruleId);
    if (ruleId !== undefined && present === undefined) throw notFound('rule', ruleId);
    const answer = await this.previews.run({ condition, actions, position, replaces: present ?? null }, stories);
    const notes = await this.notes([{ id: '', condition, actions }]);
    return { ...answer, notes: notes.get('') ?? [] };
  }

  @Get(':id')
  @ApiId('rule')
  @ApiOperation({ summary: 'One rule' })
  @Answers(200, ruleSchema, 'The rule.')
  async get(@Id() id: string) {
    const row = await this.rules.get(id);
    if (row === undefined) throw notFound('rule', id);
    return this.view(row);
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
    return this.saved(result, body.name ?? '');
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
    const refusal = await this.names.refusal({ condition, actions });
    if (refusal !== undefined) throw refusal;
  }

  private async notes(rows: readonly Pick<RuleRow, 'id' | 'condition' | 'actions'>[]): Promise<Map<string, string[]>> {
    const notes = await this.names.notes(rows);
    return new Map(rows.map(({ id, condition }, index) => [id, [...ruleNotes(condition), ...(notes[index] ?? [])]]));
  }

  private async view(row: RuleRow) {
    return ruleView(row, (await this.notes([row])).get(row.id));
  }

  private async saved(result: SavedRule, name: string) {
    if ('rule' in result) return this.view(result.rule);
    throw refused(result, name);
  }
}

function refused(result: Exclude<SavedRule, { rule: RuleRow }>, name: string): ProblemException {
  if ('taken' in result)
    return conflict(
      'rule-already-here',
      `A rule has the name ${JSON.stringify(name)}: it is ${result.taken}. Change that one, or take another name.`,
      { id: result.taken },
    );
  if ('full' in result)
    return conflict(
      'too-many-rules',
      `There are ${result.full} rules, and no more may be. Remove some, or use a dictionary.`,
    );
  return conflict(
    'too-many-wide-expressions',
    `With this one, rules would have more than ${result.wide} expressions that name no word that must be there, and each runs over every text. Add a phrase, or a longer word inside the expression.`,
  );
}
