/** The operators' rules and dictionaries, as they are applied to items. */
import { Module } from '@nestjs/common';
import { RuleBookRepository } from '#storage/rule-book.repository.js';
import { TagRepository } from '#storage/tag.repository.js';
import { RuleBook } from './rule-book.js';
import { RuleJudge } from './rule-judge.js';

@Module({ providers: [RuleBookRepository, TagRepository, RuleBook, RuleJudge], exports: [RuleJudge] })
export class RulesModule {}
