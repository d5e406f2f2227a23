/** What the console needs of the application itself, before it starts: the door, the policies of its pages, the API's docs. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { serveOpenApi } from './api/openapi.js';
import { acceptCsv } from './dictionaries/csv-body.js';
import { Access } from './auth/access.js';
import { guardConsole } from './auth/door.js';
import { acceptOpml } from './opml/opml-body.js';

/** Bull Board and Swagger UI bring their own script and style; nothing from elsewhere may load. */
const APPLICATION_POLICY = [
  `default-src 'self'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data:`,
  `object-src 'none'`,
  `frame-ancestors 'none'`,
  `base-uri 'self'`,
].join('; ');

export function configureConsole(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  guardConsole(fastify, app.get(Access));
  acceptOpml(fastify);
  acceptCsv(fastify);
  fastify.addHook('onRequest', async (_request, reply) => {
    void reply.header('content-security-policy', APPLICATION_POLICY);
  });
  serveOpenApi(app);
}
