/** A picture's address as far as it tells one picture from another. Pure. */

/** Without its parameters: a new size or signature of the same picture is no change. */
export function bareAddress(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
