// The import rules of docs/architecture.md, default deny: what `allowed` does not name is a violation.

const TEST_CODE = '\\.spec\\.ts$|\\.e2e-spec\\.ts$|^test/|^bench/|^demo/';

/** Libraries by what they may see of ours. Those without a line see contracts, config and domain. */
const GROUND = '^libs/(contracts|config|domain)/';

/** npm packages and Node's own modules that belong to one room; `to` is matched against the resolved path. */
const belongsTo = (name, to, from, comment, more = {}) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: [...from, TEST_CODE] },
  to: { path: to, ...more },
});

const packages = (...names) => `(^|/)node_modules/(${names.join('|')})/`;

module.exports = {
  allowed: [
    // Within one's own walls.
    { from: { path: '^(apps|libs)/([^/]+)/' }, to: { path: '^$1/$2/' } },
    { from: { path: '^(demo|bench|test|scripts)/' }, to: { path: '^$1/' } },
    // One way: apps -> libs, and the hub to the four bootstraps.
    { from: { path: '^apps/(?!hub/)' }, to: { path: '^libs/' } },
    { from: { path: '^apps/hub/' }, to: { path: '^(apps/[^/]+/src/bootstrap\\.ts|libs/service/)' } },
    // Between libraries.
    { from: { path: '^libs/domain/' }, to: { path: '^libs/contracts/' } },
    { from: { path: '^libs/(?!contracts/|config/|domain/)' }, to: { path: GROUND } },
    { from: { path: '^libs/feed-reader/' }, to: { path: '^libs/html/' } },
    { from: { path: '^libs/service/' }, to: { path: '^libs/(messaging|storage|observability)/' } },
    // Outside the house.
    { from: { path: '^(demo|bench|test)/' }, to: { path: '^libs/' } },
    { from: { path: '^bench/' }, to: { path: '^(test/support|demo)/' } },
    { from: { path: '^test/' }, to: { path: '^demo/' } },
    // What several specs of a room build up beside the database lives there; end-to-end tests come from outside.
    { from: { path: '^test/support/' }, to: { path: '^apps/[^/]+/src/' } },
    { from: { path: '\\.spec\\.ts$' }, to: { path: '^(test/support/|libs/)' } },
    // Everybody: Node and packages, within the limits below.
    { from: {}, to: { dependencyTypes: ['core', 'npm', 'npm-optional', 'npm-dev'] } },
  ],
  allowedSeverity: 'error',
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'apps-run-without-dev-dependencies',
      severity: 'error',
      from: { path: '^(apps|libs|demo)/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'contracts-and-config-are-zod-only',
      comment: 'contracts and config import nothing of ours, and no framework',
      severity: 'error',
      from: { path: '^libs/(contracts|config)/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev'], pathNot: packages('zod') },
    },
    {
      name: 'domain-is-pure',
      comment: 'no framework and no input or output in the domain',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: [
          packages('@nestjs', 'nestjs-[^/]+', 'fastify', 'rxjs', 'pino'),
          '^(node:)?(fs|net|http|https|tls|dns|dgram|child_process)',
        ],
      },
    },
    belongsTo('redis', packages('ioredis'), ['^libs/messaging/'], 'Redis is reached through libs/messaging'),
    belongsTo(
      'queues',
      packages('bullmq', '@nestjs/bullmq', '@bull-board/[^/]+'),
      ['^libs/messaging/', '\\.worker\\.ts$', '^apps/console/src/queues/'],
      'jobs are published through libs/messaging and taken by workers',
    ),
    belongsTo('sql', packages('pg', 'kysely', '@types/pg'), ['^libs/storage/'], 'SQL lives in the repositories'),
    belongsTo('http-client', packages('undici', 'axios', 'got', 'node-fetch'), ['^libs/http-client/'], 'one door out'),
    belongsTo(
      'raw-network',
      '^(node:)?(https?|http2|net|tls|dgram)$',
      // problem.ts takes the status phrases alone.
      ['^libs/http-client/', '^apps/console/src/api/problem\\.ts$', '^scripts/'],
      'one door out',
      { dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|coverage)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      // Without the first our own imports resolve to dist, and every rule is silently kept.
      conditionNames: ['dateline-source', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
