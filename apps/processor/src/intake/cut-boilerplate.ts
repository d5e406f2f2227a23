/** Takes a partner's boilerplate out of what it wrote: whole blocks of sanitised HTML, never a part of a paragraph. Pure. */
import { sanitisedText } from '#html/html-text.js';
import { textPrint } from '#domain/text-print.js';

/** Blocks that hold no other block, as the sanitiser writes them: each tag closed, no `<` in text or attributes. */
const BLOCK =
  /<(p|div|li|h[1-6]|blockquote|small|section|footer)(?:\s[^>]*)?>((?:[^<]|<(?!\/?(?:p|div|li|ul|ol|h[1-6]|blockquote|section|footer|table|figure|pre)\b))*?)<\/\1>/g;
const LONGEST = 2_000;

/**
 * `boilerplate`: hashes of sentences; a block goes when all of its sentences are among them. One with a picture stays: what stands
 * beneath many pictures ("Photo: the agency") is theirs.
 */
export function withoutBoilerplate(html: string, boilerplate: ReadonlySet<number>): string {
  return html.replace(BLOCK, (block: string, _: string, inner: string) => {
    if (inner.length > LONGEST || inner.includes('<img ')) return block;
    const { sentences } = textPrint(sanitisedText(inner, LONGEST));
    return sentences.length > 0 && sentences.every(({ hash }) => boilerplate.has(hash)) ? '' : block;
  });
}

/** The same for plain text, sentence by sentence. */
export function withoutBoilerplateSentences(text: string, boilerplate: ReadonlySet<number>): string {
  if (boilerplate.size === 0) return text;
  const { sentences } = textPrint(text);
  const cut = sentences.filter(({ hash }) => boilerplate.has(hash));
  let [kept, at] = ['', 0];
  for (const { start, end } of cut) {
    kept += text.slice(at, start);
    at = end;
  }
  return (kept + text.slice(at)).trim();
}
