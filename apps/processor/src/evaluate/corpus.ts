/** The lines of a corpus's file that can be evaluated, in their order; whoever asks is told of the others. */
import { textLines } from '#feed-reader/text-lines.js';
import { BadLine, type CanonicalName, type EvaluationLine, readLine } from './evaluation-line.js';

/** Characters of a line: an item larger than what the hub takes from a partner at all. */
const MAX_LINE = 16 * 1024 * 1024;

export class Corpus {
  /** Lines that are not blank, and those of them that are left out. */
  lines = 0;
  leftOut = 0;
  private readonly ids = new Set<string>();

  /** `complain` is given a sentence about a line or a field that is left out. */
  constructor(
    private readonly stream: NodeJS.ReadableStream,
    private readonly canonicalName: CanonicalName,
    private readonly complain: (sentence: string) => void,
  ) {}

  async *read(): AsyncGenerator<EvaluationLine> {
    for await (const { text, cut } of textLines(this.stream, MAX_LINE)) {
      this.lines += 1;
      try {
        if (cut) throw new BadLine(`it is longer than ${MAX_LINE / 1024 / 1024} million characters`);
        const line = readLine(text, this.canonicalName);
        // Labels name items by their ids: of two with one id nobody could say which is meant.
        if (this.ids.has(line.labels.id)) throw new BadLine(`the id ${line.labels.id} was there before`);
        this.ids.add(line.labels.id);
        for (const note of line.notes) this.complain(`line ${this.lines}: ${note}`);
        yield line;
      } catch (error) {
        if (!(error instanceof BadLine)) throw error;
        this.leftOut += 1;
        this.complain(`line ${this.lines} is left out: ${error.message}`);
      }
    }
  }
}
