/** The OpenAPI document is whole: every route is in it, with the shapes of what it takes and answers, and nothing dangles. */
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv } from 'ajv';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';

interface Operation {
  path: string;
  method: string;
  summary?: string;
  operationId?: string;
  security?: unknown[];
  parameters?: { name: string; in: string; schema?: object }[];
  requestBody?: { content: Record<string, { schema?: object }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema?: object }> }>;
}

let hub: TestConsole;
let document: OpenAPIObject;
let operations: Operation[];

beforeAll(async () => {
  hub = await testConsole();
  document = (await (await fetch(`${hub.url}/api/docs-json`)).json()) as OpenAPIObject;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ ...operation, path, method })),
  );
});
afterAll(() => hub?.close());

it('lists every resource and nothing but the API', () => {
  const resources = new Set(operations.map(({ path }) => path.split('/')[3]));
  expect([...resources].sort()).toEqual(
    'channels classifier deliveries demo dictionaries endpoints events feeds fetches hosts imports items opml partners reparse reprocessings rules status stories story-actions subscriptions tags topic-mappings topics'.split(
      ' ',
    ),
  );
  expect(operations.every(({ path }) => path.startsWith('/api/v1/'))).toBe(true);
  expect(document.openapi).toBe('3.0.3');
});

it('gives every operation a name of its own, a summary, security and the shape of its answers', () => {
  const names = operations.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { path, method, summary, security, responses } of operations) {
    const where = `${method} ${path}`;
    expect([where, summary]).toEqual([where, expect.stringMatching(/\w/)]);
    expect([where, security]).toEqual([where, [{ bearer: [] }]]);
    const statuses = Object.keys(responses);
    expect([where, statuses.includes('default')]).toEqual([where, true]);
    expect([where, statuses.some((status) => /^2/.test(status))]).toEqual([where, true]);
    for (const [status, { content }] of Object.entries(responses))
      if (status !== '204')
        expect([where, status, Object.values(content ?? {})[0]?.schema]).toEqual([where, status, expect.any(Object)]);
  }
});

it('gives every change a body with an example, and every parameter a schema', () => {
  for (const { path, method, requestBody, parameters = [] } of operations) {
    const where = `${method} ${path}`;
    if (
      method === 'patch' ||
      (method === 'post' && !/\/(ping|refresh|release|retry|stop|subscribe|train|unsubscribe)$/.test(path))
    )
      expect([where, Object.values(requestBody?.content ?? {})[0]?.schema]).toEqual([where, expect.any(Object)]);
    for (const parameter of parameters)
      expect([where, parameter.name, parameter.schema]).toEqual([where, parameter.name, expect.any(Object)]);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect([where, parameters.filter((one) => one.in === 'path').map(({ name }) => name)]).toEqual([where, inPath]);
  }
  expect(JSON.stringify(document.components?.schemas?.['NewFeed'])).toContain('https://gazette.example/feed.xml');
});

it('names lists, cursors and filters as parameters of the query', () => {
  const stories = operations.find(({ path, method }) => path === '/api/v1/stories' && method === 'get');
  expect(stories?.parameters?.map(({ name }) => name).sort()).toEqual(
    ['cursor', 'language', 'limit', 'partner', 'q', 'since', 'status', 'tag'].sort(),
  );
});

it('refers only to what it defines', () => {
  const defined = Object.keys(document.components?.schemas ?? {});
  const referred = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, target]) => target ?? '');
  expect(referred.length).toBeGreaterThan(100);
  expect(referred.filter((target) => !defined.some((name) => target === `#/components/schemas/${name}`))).toEqual([]);
});

it('describes errors as they are: problem details, with what a route adds', async () => {
  const url = 'https://twice.example/feed.xml';
  await hub.api('POST', '/feeds', { url, paused: true });
  const { headers, body } = await hub.api('POST', '/feeds', { url });
  const answers = operations.find(({ path, method }) => path === '/api/v1/feeds' && method === 'post')?.responses;
  const { schema } = answers?.['409']?.content?.[headers.get('content-type')?.split(';')[0] ?? ''] ?? {};
  const ajv = new Ajv({ strict: false, formats: { uuid: true } });
  const fits = ajv.compile({ ...schema, components: document.components });
  expect([fits(body), fits.errors]).toEqual([true, null]);
  expect(fits({ ...body, id: 7 })).toBe(false);
  expect(fits({ id: body.id as string })).toBe(false);
});
