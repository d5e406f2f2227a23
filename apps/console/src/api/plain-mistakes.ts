/** Zod's own words for what is wrong with a request, said as an operator would. */

const HOW_MANY: Record<string, string> = {
  '>=': 'at least',
  '>': 'more than',
  '<=': 'at most',
  '<': 'less than',
  'exactly ': 'exactly',
};

/** Pattern of a message, and what is said instead; a schema's own messages match none. */
const SAID: readonly (readonly [RegExp, (...groups: string[]) => string])[] = [
  [/^Invalid input: expected \w+, received undefined$/, () => 'is required'],
  [
    /^Invalid input: expected (\w+), received (\w+)$/,
    (expected, received) => `must be ${withArticle(expected === 'int' ? 'integer' : expected)}, not ${received}`,
  ],
  [/^Invalid input: expected (.+)$/, (only) => `must be ${only}`],
  [
    /^Invalid option: expected one of (.+)$/,
    (options) => `must be one of ${options.replaceAll('"', '').replaceAll('|', ', ')}`,
  ],
  [
    /^Invalid discriminator value\. Expected (.+)$/,
    (options) => `must be one of ${options.replaceAll("'", '').replaceAll(' |', ',')}`,
  ],
  [/^Too small: expected string to have >=1 characters$/, () => 'must not be empty'],
  [
    /^Too (?:small|big): expected \w+ to (have|be) (>=?|<=?|exactly )(\S+)(?: (\w+))?$/,
    (verb, sign, count, unit) =>
      `must ${verb} ${HOW_MANY[sign]} ${count}${unit === undefined ? '' : ` ${counted(unit, count)}`}`,
  ],
  [/^Invalid string: must match pattern (.+)$/, (pattern) => `must match the pattern ${pattern}`],
  [/^Invalid (?:string|number): (must .+)$/, (must) => must],
  [/^Invalid key in \w+$/, () => 'has a name that is not known here'],
  [/^Invalid value in \w+$/, () => 'has a value that may not stand here'],
  [/^Invalid UUID$/, () => 'must be an id: a UUID, as the hub answers them'],
  [/^Invalid input$/, () => 'has none of the forms that are taken here'],
  [/^Invalid ([A-Za-z0-9-]+(?: [a-z]+)?)$/, (format) => `must be ${withArticle(format)}`],
  [/^Unrecognized keys?: (.+)$/, (keys) => `unknown ${keys}`],
];

export function plainly(message: string): string {
  for (const [pattern, say] of SAID) {
    const found = pattern.exec(message);
    if (found !== null) return say(...found.slice(1));
  }
  return message;
}

function withArticle(noun: string): string {
  return `${/^[aeiouAEIO]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

function counted(unit: string, count: string): string {
  return count === '1' ? unit.replace(/ies$/, 'y').replace(/s$/, '') : unit;
}
