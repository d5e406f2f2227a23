/** Reads who wrote a feed or an item: Atom persons, RSS's "address (name)", Dublin Core's names. */
import { type ParsedAuthor } from '#contracts/parsed-feed.js';

import { type FeedNode } from './feed-node.js';
import { LIMITS } from './limits.js';
import { plainText } from './plain-text.js';
import { absoluteUrl } from './resolve-url.js';

const EMAIL = /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}/;

/**
 * The person that a text names: "Name (email)", "email (Name)" (RSS 2.0, author), "Name <email>", either alone, an address.
 * Undefined when it names nobody.
 */
function personFromText(text: string): ParsedAuthor | undefined {
  const short = text.slice(0, 1_000);
  const email = EMAIL.exec(short)?.[0];
  const rest = email === undefined ? short : short.replace(email, ' ').replace(/mailto:/i, ' ');
  const unwrapped = rest.replace(/\(\s*\)|<\s*>|\[\s*\]/g, ' ').trim();
  const bare = plainText(withoutParentheses(unwrapped))
    .replace(/^[\s,;:-]+|[\s,;:-]+$/g, '')
    .replace(/^"([^"]*)"$/, '$1')
    .trim();
  if (email === undefined && /^https?:\/\/\S+$/.test(bare)) return { url: bare };
  return person(bare, email, undefined);
}

/** "(Jane Doe (BBC))" without the parentheses around all of it. */
function withoutParentheses(text: string): string {
  if (!text.startsWith('(')) return text;
  const inner = text.slice(1, text.endsWith(')') ? -1 : undefined);
  // Only where they belong together: not in "(a) and (b)".
  const closing = inner.indexOf(')');
  return closing === -1 || (inner.includes('(') && inner.indexOf('(') < closing) ? inner : text;
}

function person(
  name: string | undefined,
  email: string | undefined,
  url: string | undefined,
): ParsedAuthor | undefined {
  if (!name && !email && !url) return undefined;
  return { ...(name && { name }), ...(email && { email }), ...(url && { url }) };
}

/** An Atom person construct (RFC 4287, 3.2), or the text of an RSS author. */
function personFromNode(node: FeedNode, base: string | undefined): ParsedAuthor | undefined {
  const child = (...names: string[]): string | undefined => node.first(names, (each) => plainText(each.text));
  const named = child('name', 'itunes:name');
  const url = node.first(['uri'], (each) => absoluteUrl(each.text, each.base ?? node.base ?? base));
  const email = child('email', 'itunes:email')?.replace(/^mailto:/i, '');
  if (named === undefined && email === undefined && url === undefined) return personFromText(node.text);
  // Some write the address into the name.
  const split =
    named !== undefined && email === undefined && named.includes('@') ? personFromText(named) : { name: named };
  return person(split?.name ?? undefined, email ?? split?.email, url);
}

/** Everybody that the elements of these names name, each once. */
export function peopleOf(node: FeedNode, names: readonly string[], base: string | undefined): ParsedAuthor[] {
  const people: ParsedAuthor[] = [];
  const groups = names.map((name) => node.all(name).slice(0, LIMITS.repeats));
  const [first, second, ...others] = groups.filter((group) => group.length > 0);
  // RSS names one author twice: the address in author, the name in dc:creator.
  const mayBeOne = first?.length === 1 && second?.length === 1 && others.length === 0;
  for (const each of groups.flat().slice(0, LIMITS.repeats)) {
    const found = personFromNode(each, base);
    if (!found) continue;
    const known = people.find((other) => samePerson(other, found) || (mayBeOne && complement(other, found)));
    if (known) Object.assign(known, { ...found, ...known });
    else people.push(found);
  }
  return people;
}

/** Whether one mention is only a name and the other only an address. */
function complement(a: ParsedAuthor, b: ParsedAuthor): boolean {
  return (a.name === undefined) !== (b.name === undefined) && (a.email === undefined) !== (b.email === undefined);
}

/** Whether two mentions are one person: the same name, or the same address with at most one name between them. */
function samePerson(a: ParsedAuthor, b: ParsedAuthor): boolean {
  if (a.name !== undefined && b.name !== undefined) return a.name.toLowerCase() === b.name.toLowerCase();
  return a.email !== undefined && a.email === b.email;
}
