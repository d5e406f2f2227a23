/** Writes what was decided for each item, a line each, as fast as the disk takes them. */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { ItemDecision } from '#storage/evaluation.repository.js';

export class DecisionFile {
  private constructor(private readonly file: WriteStream) {}

  /** Opened before the work begins: a folder that does not exist should not cost an evaluation. */
  static async open(path: string): Promise<DecisionFile> {
    const file = createWriteStream(path);
    await once(file, 'open');
    // Later ones reject what is awaited then.
    file.on('error', () => undefined);
    return new DecisionFile(file);
  }

  /** See docs/evaluate.md for the fields. */
  async write(decision: ItemDecision): Promise<void> {
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
    this.file.end();
    await finished(this.file);
  }
}
