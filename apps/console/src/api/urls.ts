/** Addresses that operators give: http or https, without credentials, as the URL standard writes them. */
import { z } from 'zod';
import { parseUrl } from '#domain/parse-url.js';

const MOST_CHARACTERS = 2_000;

/**
 * A URL for feeds and endpoints. Private addresses are accepted here: whether the hub may reach them is decided at
 * connect time, and shows as 'blocked' with the reason.
 */
export function webUrl(example: string) {
  return z
    .string({ error: 'must be a URL' })
    .trim()
    .max(MOST_CHARACTERS, { error: `must have at most ${MOST_CHARACTERS} characters` })
    .superRefine((text, context) => {
      const complaint = complaintAbout(text);
      if (complaint !== undefined) context.addIssue({ code: 'custom', message: complaint });
    })
    .meta({ format: 'uri', example });
}

/** As it is stored and compared: without fragment. */
export function storedUrl(text: string): string {
  const url = new URL(text);
  url.hash = '';
  return url.href;
}

/** What is wrong with an address, in words that follow its name; undefined when nothing is. */
export function complaintAbout(text: string): string | undefined {
  const url = parseUrl(text);
  if (url === null) {
    const withScheme = `https://${text}`;
    const meant = /^[\w-]+(\.[\w-]+)+(:\d+)?([/?].*)?$/.test(text) && parseUrl(withScheme) !== null;
    return meant ? `must begin with http:// or https://; did you mean ${withScheme}?` : 'is not a URL';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must begin with http:// or https://';
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password: they would be shown';
  return undefined;
}
