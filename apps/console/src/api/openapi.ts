/** The OpenAPI document at /api/docs-json and its page at /api/docs, made from the same schemas that check requests. */
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { problemSchema } from './api-route.js';

const DESCRIPTION = `
Everything an operator can do. Send the admin token as \`Authorization: Bearer TOKEN\`; it is \`ADMIN_TOKEN\`, or the text in
\`DATA_DIR/admin-token\`. Ids are UUIDv7, dates ISO 8601 in UTC. Lists answer \`{items, nextCursor}\`; created is 201 with the
resource; errors are problem details (RFC 9457) whose \`detail\` says what to do.
`;

function openApiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Dateline console API')
    .setDescription(DESCRIPTION.trim())
    .setVersion('1')
    .setOpenAPIVersion('3.0.3')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The admin token.' })
    .build();
  const document = SwaggerModule.createDocument(app, builder, {
    operationIdFactory: (controller, method) => `${method}${controller.replace(/Controller$/, '')}`,
  });
  // Every operation refers to it by name; none returns it by a route's own declaration.
  const { id: _id, $schema: _schema, ...problem } = z.toJSONSchema(problemSchema, { target: 'openapi-3.0' });
  return {
    ...document,
    components: { ...document.components, schemas: { ...document.components?.schemas, Problem: problem as object } },
  };
}

/** Serves the document and its page. Both are public: they tell nothing that the source does not. */
export function serveOpenApi(app: INestApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), {
    customSiteTitle: 'Dateline API',
    swaggerOptions: { persistAuthorization: false, tryItOutEnabled: true, displayRequestDuration: true },
  });
}
