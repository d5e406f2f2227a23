/** /api/v1/dictionaries: long lists of phrases that each stand for a tag, in and out as comma-separated values. */
import { Body, Delete, Get, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { csvLine } from '#domain/csv-rows.js';
import { type DictionaryRow, DictionaryRepository, TooManyEntriesError } from '#storage/dictionary.repository.js';
import { CSV_TYPE, type CsvUpload } from '../dictionaries/csv-body.js';
import { DictionaryTooLargeError, readDictionary } from '../dictionaries/read-dictionary.js';
import { Answers, ApiId, ApiResource, Id, problemSchema } from './api-route.js';
import {
  dictionaryConflictSchema,
  dictionaryImportQuerySchema,
  dictionaryPageSchema,
  dictionaryQuerySchema,
  dictionaryReportSchema,
  dictionarySchema,
  dictionaryView,
  newDictionarySchema,
} from './dictionaries.schemas.js';
import { page, pageAsked } from './lists.js';
import { conflict, notFound, problemBody, ProblemException } from './problem.js';

@ApiResource('dictionaries')
export class DictionariesController {
  constructor(private readonly dictionaries: DictionaryRepository) {}

  @Get()
  @ApiOperation({ summary: 'Dictionaries' })
  @Answers(200, dictionaryPageSchema, 'A page of dictionaries.')
  async list(@Query({ schema: dictionaryQuerySchema }) query: z.infer<typeof dictionaryQuerySchema>) {
    const asked = pageAsked(query);
    return page(await this.dictionaries.list(asked), asked.limit, dictionaryView);
  }

  @Post()
  @ApiOperation({ summary: 'Add a dictionary', description: 'Empty; POST /dictionaries/ID/entries fills it.' })
  @Answers(201, dictionarySchema, 'The new dictionary.')
  @Answers(409, dictionaryConflictSchema, 'The name is taken; `id` has it.')
  async create(@Body({ schema: newDictionarySchema }) { name, matchCase }: z.infer<typeof newDictionarySchema>) {
    const { created, dictionary } = await this.dictionaries.create(name, matchCase);
    if (created) return dictionaryView(dictionary);
    throw conflict(
      'dictionary-already-here',
      `A dictionary has the name ${JSON.stringify(name)}: it is ${dictionary.id}. Fill that one, or take another name.`,
      { id: dictionary.id },
    );
  }

  @Get(':id')
  @ApiId('dictionary')
  @ApiOperation({ summary: 'One dictionary' })
  @Answers(200, dictionarySchema, 'The dictionary.')
  async get(@Id() id: string) {
    return dictionaryView(await this.find(id));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiId('dictionary')
  @ApiOperation({ summary: 'Remove a dictionary', description: 'The tags it gave stay.' })
  @Answers(204, null, 'Removed.')
  async remove(@Id() id: string): Promise<void> {
    if (!(await this.dictionaries.remove(id))) throw notFound('dictionary', id);
  }

  @Post(':id/entries')
  @HttpCode(200)
  @ApiId('dictionary')
  @ApiOperation({
    summary: 'Import entries',
    description:
      'Lines of phrase, scheme and tag in UTF-8; without a tag, the phrase is its name. Safe to repeat. All good lines are taken or, where something fails, none.',
  })
  @ApiConsumes(CSV_TYPE)
  @ApiBody({ schema: { type: 'string', example: 'phrase,scheme,tag\nGrey Gull,organisation,Grey Gull Line\n' } })
  @Answers(200, dictionaryReportSchema, 'What became of the lines.')
  @Answers(
    422,
    problemSchema,
    'It cannot take the place of all entries: none of its lines is one, or a quotation mark swallows its end.',
  )
  async import(
    @Id() id: string,
    @Query({ schema: dictionaryImportQuerySchema }) { replace }: z.infer<typeof dictionaryImportQuerySchema>,
    @Body() body: CsvUpload | undefined,
  ) {
    const { match_case: matchCase } = await this.find(id);
    if (!(body?.csv instanceof Readable))
      throw new ProblemException(
        problemBody(415, `Send the lines themselves, with the header content-type: ${CSV_TYPE}.`),
      );
    try {
      const { entries, lines, repeated, failed, failures, unfit } = await readDictionary(body.csv, matchCase);
      if (replace && unfit !== null)
        throw new ProblemException(
          problemBody(422, `Nothing was replaced: ${unfit}. Mend the file, and send it again.`),
        );
      const added = await this.dictionaries.add(id, entries, replace);
      if (added === undefined) throw notFound('dictionary', id);
      const alreadyHere = entries.length - added + repeated;
      return { lines, added, alreadyHere, failed, failures, entries: (await this.find(id)).entries };
    } catch (error) {
      if (error instanceof DictionaryTooLargeError || error instanceof TooManyEntriesError)
        throw new ProblemException(problemBody(413, error.message));
      throw error;
    }
  }

  @Get(':id/entries')
  @ApiId('dictionary')
  @ApiOperation({ summary: 'Export entries', description: 'Comma-separated values that the import reads again.' })
  @ApiProduces(CSV_TYPE)
  @Answers(200, z.string(), 'The lines.')
  async export(@Id() id: string): Promise<StreamableFile> {
    await this.find(id);
    return new StreamableFile(Readable.from(this.write(id), { objectMode: false }), {
      type: `${CSV_TYPE}; charset=utf-8`,
      disposition: 'attachment; filename="dictionary.csv"',
    });
  }

  private async *write(id: string): AsyncGenerator<string> {
    yield csvLine(['phrase', 'scheme', 'tag']);
    for await (const entries of this.dictionaries.entries(id))
      yield entries.map(({ phrase, scheme, name }) => csvLine([phrase, scheme, name])).join('');
  }

  private async find(id: string): Promise<DictionaryRow> {
    const row = await this.dictionaries.get(id);
    if (row === undefined) throw notFound('dictionary', id);
    return row;
  }
}
