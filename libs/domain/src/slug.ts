/** The readable part of an address, from a title or a tag's name, in any script. */

/** Latin letters that Unicode does not decompose, as readers without them write them. */
const LATIN: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  ŋ: 'n',
  ħ: 'h',
};

const DEFAULT_MAX_LENGTH = 80;

/**
 * Lower case letters, digits and single hyphens: "Ärger in São Paulo!" becomes `arger-in-sao-paulo`, «Новый год» becomes
 * `новый-год`. Latin and Greek lose their accents; other scripts keep their marks, which carry vowels there.
 * Cut at a word where possible, at most `maxLength` UTF-16 units. Empty when the text has no letter and no digit.
 */
export function slugify(text: string, maxLength = DEFAULT_MAX_LENGTH): string {
  const words = text
    .slice(0, maxLength * 4)
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/(?<=[\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu, '')
    .normalize('NFC')
    .replace(/[ßæœøđðþłıŋħ]/gu, (letter) => LATIN[letter] ?? letter)
    .replace(/['’ʼ]/gu, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    // A mark without a letter before it would cling to the hyphen.
    .replace(/(^|-)\p{M}+/gu, '$1')
    .replace(/-{2,}/g, '-')
    .replace(/^-|-$/g, '');
  if (words.length <= maxLength) return words;
  const cut = words.slice(0, maxLength);
  const wordEnd = words[maxLength] === '-' ? maxLength : cut.lastIndexOf('-');
  return (wordEnd > maxLength / 2 ? cut.slice(0, wordEnd) : cut.replace(/[\uD800-\uDBFF]$/, '')).replace(/-$/, '');
}
