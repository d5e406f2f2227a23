/** Takes a partner's boilerplate out of sanitised HTML: whole blocks, never a part of a paragraph. Pure. */
import { sanitisedText } from '#html/html-text.js';
import { textPrint } from '#domain/text-print.js';

/** Blocks that hold no other block, as the sanitiser writes them: each tag closed, no `<` in text or attributes. */
const BLOCK =
  /<(p|div|li|h[1-6]|blockquote|small|section|footer)(?:\s[^>]*)?>((?:[^<]|<(?!\/?(?:p|div|li|ul|ol|h[1-6]|blockquote|section|footer|table|figure|pre)\b))*?)<\/\1>/g;
const LONGEST = 2_000;

/** `isBoilerplate`: hashes of sentences; a block goes when all of its sentences are among them. */
export function withoutBoilerplate(html: string, boilerplate: ReadonlySet<number>): string {
  return html.replace(BLOCK, (block: string, _: string, inner: string) => {
    if (inner.length > LONGEST) return block;
    const { sentences } = textPrint(sanitisedText(inner, LONGEST));
    return sentences.length > 0 && sentences.every(({ hash }) => boilerplate.has(hash)) ? '' : block;
  });
}
