// Two projects of one runner: unit tests beside the source, end-to-end tests in test/. Node runs ESM, Jest CommonJS by swc.

/**
 * The packages that come as ES modules alone. All others Jest runs as they are: to transform them was half of a first run.
 * One that is missing here fails at its first `import` or `export`: "Cannot use import statement outside a module".
 */
const ESM_PACKAGES = [
  ...['@borewit', '@nestjs', '@tokenizer', 'balanced-match', 'boolbase', 'css-select', 'css-what', 'cssomnom'],
  ...['dom-serializer', 'domelementtype', 'domhandler', 'domutils', 'eld', 'entities', 'feed', 'file-type'],
  ...['htmlparser2', 'nth-check', 'strtok3', 'token-types', 'uhyphen', 'uint8array-extras', 'uuid'],
];

const project = {
  rootDir: import.meta.dirname,
  cacheDirectory: '<rootDir>/.jest-cache',
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons', 'dateline-source'] },
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      {
        // In files of their own: inside the code they make it four times as long to read.
        sourceMaps: true,
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // Ours first: looking for a file under six endings is a tenth of what a test costs.
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  // By the innermost package of the path.
  transformIgnorePatterns: [`/node_modules/(?!.*/node_modules/)(?!(?:${ESM_PACKAGES.join('|')})/)`],
  extensionsToTreatAsEsm: [],
  moduleNameMapper: {
    '^#(\\w[\\w-]*)/(.*)\\.js$': '<rootDir>/libs/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^eld/(\\w+)$': '<rootDir>/node_modules/eld/src/entries/static.$1.js',
    '^file-type$': '<rootDir>/node_modules/file-type/index.js',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
};

export default {
  // Only ends what hangs: on a machine with more to do everything takes longer, and no test is about how long.
  testTimeout: 120_000,
  projects: [
    { ...project, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,demo,bench}/**/*.spec.ts'] },
    { ...project, displayName: 'e2e', testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'] },
  ],
};
