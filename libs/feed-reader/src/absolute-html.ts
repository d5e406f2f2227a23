/** Makes the addresses inside a piece of HTML absolute, and leaves every other character as it was. */
import { decodeHTMLAttribute } from 'entities';

import { absoluteUrl } from './resolve-url.js';

const TAG = /<[a-z][^<>]*>/gi;
const ADDRESS =
  /(\s(?:href|src|poster|cite|background|longdesc|data|srcset)\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
/** Absolute already, or a place in the same document. */
const ABSOLUTE = /^\s*(?:[a-z][a-z0-9+.-]*:|#|$)/i;

/** An address that may be relative, whatever follows it. */
const RELATIVE =
  /\s(?:href|src|poster|cite|background|longdesc|data)\s*=\s*(?:"\s*|'\s*)?(?![a-z][a-z0-9+.-]*:|[#"'\s>])|\ssrcset\s*=/i;

/** `html` with href, src and their like resolved against `base` (HTML, 2.4.3); unchanged without a base. */
export function absoluteHtml(html: string, base: string | undefined): string {
  if (base === undefined || base === '' || !RELATIVE.test(html)) return html;
  return html.replace(TAG, (tag) =>
    tag.includes('=')
      ? tag.replace(ADDRESS, (whole, name: string, ...values: (string | undefined)[]) =>
          resolved(whole, name, values, base),
        )
      : tag,
  );
}

function resolved(whole: string, name: string, values: (string | undefined)[], base: string): string {
  const raw = values[0] ?? values[1] ?? values[2] ?? '';
  const isSet = /srcset/i.test(name);
  if (!isSet && ABSOLUTE.test(raw)) return whole;
  const value = raw.includes('&') ? decodeHTMLAttribute(raw) : raw;
  const address = isSet ? absoluteSet(value, base) : absoluteUrl(value, base);
  return address === undefined ? whole : `${name}"${address.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}"`;
}

/** The candidates of a srcset (HTML, 4.8.4.2.1), each resolved. */
function absoluteSet(value: string, base: string): string {
  return value
    .split(/,\s+/)
    .map((candidate) => {
      const [address = '', ...descriptor] = candidate.trim().split(/\s+/);
      return [absoluteUrl(address, base) ?? address, ...descriptor].join(' ');
    })
    .join(', ');
}
