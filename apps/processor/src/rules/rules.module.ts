/** The operators' rules and dictionaries, as they are applied to items. */
import { Module } from '@nestjs/common';
import { RuleBookRepository } from '#storage/rule-book.repository.js';
import { TaggingModule } from '../tagging/tagging.module.js';
import { RuleBook } from './rule-book.js';
import { RuleJudge } from './rule-judge.js';

@Module({
  imports: [TaggingModule],
  providers: [RuleBookRepository, RuleBook, RuleJudge],
  exports: [RuleJudge],
})
export class RulesModule {}
