/** Cuts a stream into lines without ever holding more than one, and not even that when it is absurdly long. */
import { StringDecoder } from 'node:string_decoder';

/** A line without its end; `cut` when it was longer than allowed and only its beginning is given. */
export interface TextLine {
  text: string;
  cut: boolean;
}

/** What is kept of a line that is too long, so that it can be named. */
const HEAD = 4_096;

/** The lines of UTF-8 text that are not blank. `maxLength` in UTF-16 units. */
export async function* textLines(stream: NodeJS.ReadableStream, maxLength: number): AsyncGenerator<TextLine> {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let length = 0;
  let cut = false;
  const add = (part: string): void => {
    length += part.length;
    if (cut) return;
    parts.push(part);
    if (length <= maxLength) return;
    cut = true;
    parts = [parts.join('').slice(0, HEAD)];
  };
  const take = (): TextLine => {
    const line = { text: parts.join(''), cut };
    parts = [];
    length = 0;
    cut = false;
    return line;
  };
  for await (const chunk of stream) {
    const text = decoder.write(chunk);
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      add(text.slice(from, end));
      from = end + 1;
      const line = take();
      if (line.text.trim() !== '') yield line;
    }
    if (from < text.length) add(text.slice(from));
  }
  add(decoder.end());
  const last = take();
  if (last.text.trim() !== '') yield last;
}
