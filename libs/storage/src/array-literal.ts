/** PostgreSQL's text form of arrays: where thousands of rows a second are sent, the driver's general way costs more than the rows. */

/** Of numbers, ids and dates, whose text needs no quotes. Null and undefined are NULL. */
export function plainArray(values: readonly (string | number | boolean | null | undefined)[]): string {
  let text = '{';
  for (let index = 0; index < values.length; index++) text += `${index === 0 ? '' : ','}${values[index] ?? 'NULL'}`;
  return `${text}}`;
}

/** Of any text; quotes and backslashes in it are escaped. */
export function textArray(values: readonly (string | null | undefined)[]): string {
  return plainArray(values.map((value) => (value === null || value === undefined ? null : quoted(value))));
}

function quoted(text: string): string {
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`;
}
