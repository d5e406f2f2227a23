/** docs/webhooks.md tells partners of each route that their token opens, and of no other. */
import { readFileSync } from 'node:fs';
import { projectFile } from '#config/project-file.js';
import { PARTNER_ROUTES } from './partner-routes.js';

test('the table of what a token opens is the list of the routes that it opens', () => {
  const guide = readFileSync(projectFile('docs/webhooks.md'), 'utf8');
  const section = guide.split(/^## /m).find((part) => part.startsWith('A token of your own')) ?? '';
  const told = [...section.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/api\/v1\/[^`?]+)/g)].map(([, route = '']) =>
    route.replace('/ID', '/:id').replace('/REPLAY', '/:replayId'),
  );
  expect(told.sort()).toEqual([...PARTNER_ROUTES].sort());
});

test("the proxy that docs/operations.md proposes lets every partner's request through", () => {
  const guide = readFileSync(projectFile('docs/operations.md'), 'utf8');
  const hint = /a proxy that lets (.*?) through is enough/.exec(guide)?.[1] ?? '';
  const open = [...hint.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
  const paths = PARTNER_ROUTES.map((route) => route.split(' ')[1] ?? '');
  expect(paths.filter((path) => !open.some((one) => path === one || path.startsWith(`${one}/`)))).toEqual([]);
});
