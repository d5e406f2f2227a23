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
  withProblems(document);
  return document;
}

const PROBLEM = '#/components/schemas/Problem';

interface Schema {
  $ref?: string;
  allOf?: object[];
  additionalProperties?: unknown;
}

interface Operation {
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

/** Errors are problem details, and what a route says of one of them stands beside those. Changes the document. */
function withProblems(document: OpenAPIObject): void {
  const schemas = ((document.components ??= {}).schemas ??= {});
  const {
    id: _id,
    $schema: _schema,
    ...problem
  } = z.toJSONSchema(
    // Open: many carry more, such as the id of what is in the way. By another name it would refer to itself.
    z.looseObject(problemSchema.shape),
    { target: 'openapi-3.0' },
  );
  schemas['Problem'] = { ...problem, description: problemSchema.description } as object;
  for (const { responses } of Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[]))
    for (const [status, response] of Object.entries(responses)) {
      const schema = response.content?.['application/json']?.schema;
      if (!/^[45]/.test(status) || schema === undefined) continue;
      const own = (schema.$ref === undefined ? schema : schemas[schema.$ref.split('/').at(-1) ?? '']) as Schema;
      if (schema.$ref !== PROBLEM) delete own.additionalProperties;
      response.content = {
        'application/problem+json': {
          schema: schema.$ref === PROBLEM ? schema : { allOf: [{ $ref: PROBLEM }, schema] },
        },
      };
    }
}

/** Serves the document and its page. Both are public: they tell nothing that the source does not. */
export function serveOpenApi(app: INestApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), {
    customSiteTitle: 'Dateline API',
    swaggerOptions: { persistAuthorization: false, tryItOutEnabled: true, displayRequestDuration: true },
  });
}
