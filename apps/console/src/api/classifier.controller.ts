/** /api/v1/classifier: the classifier of topics, its versions, and whether it is on. */
import { Body, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { ClassifierRepository } from '#storage/classifier.repository.js';
import { Answers, ApiResource } from './api-route.js';
import { classifierPatchSchema, classifierSchema, classifierView } from './classifier.schemas.js';

const SHOWN_VERSIONS = 20;

@ApiResource('classifier')
export class ClassifierController {
  constructor(private readonly classifier: ClassifierRepository) {}

  @Get()
  @ApiOperation({ summary: 'The classifier: whether it is on and why, and its versions with their figures' })
  @Answers(200, classifierSchema, 'The classifier.')
  async get() {
    const [state, versions] = [await this.classifier.state(), await this.classifier.versions(SHOWN_VERSIONS)];
    return classifierView(state, versions);
  }

  @Patch()
  @ApiOperation({ summary: 'Switch the classifier on or off', description: 'Topics that it gave stay.' })
  @Answers(200, classifierSchema, 'The classifier as it is now.')
  async update(@Body({ schema: classifierPatchSchema }) { enabled }: z.infer<typeof classifierPatchSchema>) {
    await this.classifier.setEnabled(enabled);
    return this.get();
  }

  @Post('train')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Train it anew',
    description: 'A processor begins within seconds, however little is new; GET says what came of it.',
  })
  @Answers(202, classifierSchema, 'Asked for.')
  async train() {
    await this.classifier.want();
    return this.get();
  }
}
