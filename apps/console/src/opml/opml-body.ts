/** Lets lists of feeds into the API as streams: everywhere else a body is JSON and short. */
import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Readable } from 'node:stream';

/** As an object, so that a log of the body's fields shows this one name. */
export interface OpmlUpload {
  opml: Readable;
}

export const OPML_TYPES = [
  'text/x-opml',
  'text/x-opml+xml',
  'application/xml',
  'text/xml',
  'application/octet-stream',
] as const;
const ROUTE = '/api/v1/opml';

export function acceptOpml(fastify: FastifyInstance): void {
  fastify.addContentTypeParser([...OPML_TYPES], (request, payload, done) => {
    if (request.routeOptions.url === ROUTE) done(null, { opml: payload });
    else done(new UnsupportedMediaTypeException());
  });
}
