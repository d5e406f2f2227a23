/** Writes what was decided for each item, a line each, as fast as the disk takes them. */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { ItemDecision } from '#storage/evaluation.repository.js';

export class DecisionFile {
  private failure: Error | undefined;

  private constructor(private readonly file: WriteStream) {
    // A stream that has failed says so once, whoever listens, and would be waited for in vain.
    file.on('error', (error) => (this.failure ??= error));
  }

  /** Opened before the work begins: a folder that does not exist should not cost an evaluation. */
  static async open(path: string): Promise<DecisionFile> {
    const file = createWriteStream(path);
    await once(file, 'open');
    return new DecisionFile(file);
  }

  /** See docs/evaluate.md for the fields. Throws what the disk said, if it took no more (of lines before, too). */
  async write(decision: ItemDecision): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    const { label, state, stateReason, storyId, isLeading, rule, relation, matchedLabel, evidence } = decision;
    const { clusterId, language, tags } = decision;
    const line = {
      id: label,
      state,
      ...(stateReason === null ? {} : { reason: stateReason }),
      story: storyId,
      leading: isLeading,
      relation,
      rule,
      matched: matchedLabel,
      evidence,
      cluster: clusterId ?? storyId,
      language,
      tags,
    };
    if (!this.file.write(`${JSON.stringify(line)}\n`)) await once(this.file, 'drain');
  }

  async close(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.file.end();
    await finished(this.file);
  }
}
