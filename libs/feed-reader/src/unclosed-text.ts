/** Notices by what follows that somebody forgot to close a text element. */
import { type OpenElement } from './open-element.js';

/** Elements that cannot stand inside a text of a feed; no HTML element is among them. */
const SIBLINGS = new Set(
  'guid pubdate description enclosure content:encoded dc:creator dc:date updated published issued'.split(' '),
);

/**
 * Whether an element that begins inside `open` (captured or skipped) shows that `open` was never closed. `parent` is the role of
 * the element around it, `key` the new element's name in the rules. Contents of Atom may hold any markup, titles none of these.
 */
export function endsOpenText(
  open: OpenElement,
  parent: OpenElement['role'] | undefined,
  name: string,
  key: string,
  isAtom: boolean,
): boolean {
  if (key === 'item' || key === 'entry') return open.role === 'capture' || parent === 'feed';
  if (open.role === 'skip' || name === open.name || (parent !== 'item' && parent !== 'feed')) return false;
  const isContent = open.rule?.form === 'markup' && !open.rule.as.endsWith('title');
  if (SIBLINGS.has(key)) return !isContent || !isAtom;
  return key === 'link' && !isAtom && !isContent && open.rule?.form !== 'link';
}
