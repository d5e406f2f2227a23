/** Lets dictionaries into the API as streams of comma-separated values. */
import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Readable } from 'node:stream';

/** As an object, so that a log of the body's fields shows this one name. */
export interface CsvUpload {
  csv: Readable;
}

export const CSV_TYPE = 'text/csv';
const ROUTE = '/api/v1/dictionaries/:id/entries';

export function acceptCsv(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(CSV_TYPE, (request, payload, done) => {
    if (request.routeOptions.url === ROUTE) done(null, { csv: payload });
    else done(new UnsupportedMediaTypeException());
  });
}
