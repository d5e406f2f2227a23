/** Tells data that PostgreSQL will never take from a failure that may pass. */

/** SQLSTATE classes 22 (data), 23 (constraint), 54 (limit): trying again cannot help; anything else may pass. */
export function isRefusedData(error: unknown): error is Error {
  const code = (error as { code?: unknown }).code;
  return error instanceof Error && typeof code === 'string' && /^(22|23|54)/.test(code);
}

/** Of these, what is in the data alone (classes 22 and 54), and not in what was beside it at that moment. */
export function isImpossibleData(error: unknown): error is Error {
  return isRefusedData(error) && !String((error as Error & { code: unknown }).code).startsWith('23');
}
