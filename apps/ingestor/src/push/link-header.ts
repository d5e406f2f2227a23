/** Reads HTTP Link headers (RFC 8288), as far as relations and their targets go. */
import { parseUrl } from '#domain/parse-url.js';

export interface HeaderLink {
  /** Lower case. */
  relations: string[];
  /** Absolute. */
  url: string;
}

/** More than any server has a reason to send. */
const MAX_LENGTH = 16_384;

/** The links of a header, several joined by commas; what is malformed or says `anchor` (another document's link) is left out. */
export function linksOfHeader(header: string | undefined, base: string): HeaderLink[] {
  const text = (header ?? '').slice(0, MAX_LENGTH);
  const links: HeaderLink[] = [];
  let at = 0;
  for (;;) {
    const open = text.indexOf('<', at);
    const close = open === -1 ? -1 : text.indexOf('>', open);
    if (close === -1) return links;
    const end = endOfLink(text, close + 1);
    const parameters = parametersOf(text.slice(close + 1, end));
    const url = parseUrl(text.slice(open + 1, close).trim(), base);
    const relations = (parameters.get('rel') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    if (url && relations.length > 0 && !parameters.has('anchor')) links.push({ relations, url: url.href });
    at = end;
  }
}

/** Where the link's parameters end: at the next comma outside quotes. */
function endOfLink(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (quoted && char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) return at + 1;
  }
  return text.length;
}

/** The first of each name counts (RFC 8288, 3.3). */
function parametersOf(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain] of text.matchAll(
    /;\s*([\w!#$&+.^`|~*-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;",]*)))?/g,
  )) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
    if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
  }
  return parameters;
}
