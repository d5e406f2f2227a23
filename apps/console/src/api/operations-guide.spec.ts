/** docs/operations.md explains every class that a feed's error can have, every count of the status, and only metrics that exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFile } from '#config/project-file.js';

const guide = readFileSync(projectFile('docs/operations.md'), 'utf8');

/** The members of `type NAME = 'a' | 'b' …`, read from the source: apps do not import each other. */
function members(file: string, name: string): string[] {
  const source = readFileSync(projectFile(file), 'utf8');
  const declaration = new RegExp(`type ${name} =([^;]*);`).exec(source)?.[1] ?? '';
  return [...declaration.matchAll(/'([a-z-]+)'/g)].map(([, member]) => member ?? '');
}

/** Ends of our own, never shown as a feed's error. */
const NEVER_SHOWN = ['aborted', 'stopped'];

it.each([
  ['libs/http-client/src/outbound-error.ts', 'OutboundErrorKind'],
  ['libs/feed-reader/src/unreadable-feed-error.ts', 'UnreadableCode'],
])('explains every class of %s', (file, name) => {
  const classes = members(file, name);
  expect(classes.length).toBeGreaterThan(5);
  expect(classes.filter((one) => !NEVER_SHOWN.includes(one) && !guide.includes(`\`${one}\``))).toEqual([]);
});

it('explains the classes of HTTP answers', () => {
  const source = readFileSync(projectFile('apps/ingestor/src/fetching/fetch-trouble.ts'), 'utf8');
  const classes = [...source.matchAll(/errorClass: '([a-z-]+)'/g)].map(([, one]) => one ?? '');
  expect(classes.filter((one) => !guide.includes(`\`${one}\``))).toEqual([]);
});

it('names only metrics that exist', () => {
  const named = [...guide.matchAll(/`(dateline_[a-z_]+)`/g)].map(([, metric]) => metric ?? '');
  const sources = ['apps', 'libs']
    .flatMap((folder) =>
      readdirSync(projectFile(folder), { recursive: true }).map((file) => join(folder, String(file))),
    )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(projectFile(file), 'utf8'))
    .join('\n');
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((metric) => !sources.includes(`'${metric}'`))).toEqual([]);
});
