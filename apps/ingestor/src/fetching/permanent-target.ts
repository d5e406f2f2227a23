/** Where a chain of redirects says that a feed lives from now on: pure. */
import type { Redirect } from '#http-client/http-client.js';

const PERMANENT = new Set([301, 308]);

/**
 * The target of the permanent redirects (301, 308) that a chain begins with; null when its first one is temporary. What
 * follows a temporary redirect is temporary too, whatever it says (RFC 9110, 15.4).
 */
export function permanentTarget(redirects: readonly Redirect[]): string | null {
  let target: string | null = null;
  for (const { status, to } of redirects) {
    if (!PERMANENT.has(status)) break;
    target = to;
  }
  return target;
}
