/** Writes single XML elements, every value escaped. */
import { escapeMarkup } from './clean-value.js';

/** `inner` is markup; attributes without a value are left out. */
export function element(name: string, attributes: Record<string, string | undefined>, inner = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeMarkup(value ?? '')}"`)
    .join('');
  return inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`;
}

/** The element with this text, or nothing when there is no text. */
export function optional(name: string, text: string | undefined): string {
  return text === undefined ? '' : element(name, {}, escapeMarkup(text));
}
