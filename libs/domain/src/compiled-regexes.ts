/** The expressions of many rules, each compiled once: that takes up to a millisecond, and thousands of them hold a process up for seconds. */
import { setImmediate as turn } from 'node:timers/promises';
import type { RuleCondition } from '#contracts/rule.js';
import { conditionLeaves } from './condition-in-words.js';
import { type RuleRegex, ruleRegex } from './regex-literals.js';

/** So long others wait at most. */
const TURN_MS = 10;

export class CompiledRegexes {
  private readonly known = new Map<string, RuleRegex | Error>();

  /** @throws {Error} as `ruleRegex`. */
  readonly of = (written: string): RuleRegex => {
    const found = this.read(written);
    if (found instanceof Error) throw found;
    return found;
  };

  /** Compiles what the conditions ask for, in turns with what else the process does. */
  async prepare(conditions: readonly RuleCondition[]): Promise<void> {
    let since = performance.now();
    for (const leaf of conditions.flatMap(conditionLeaves)) {
      if (leaf.kind !== 'regex') continue;
      this.read(leaf.pattern);
      if (performance.now() - since < TURN_MS) continue;
      await turn();
      since = performance.now();
    }
  }

  /** False: an expression of it is refused by now, so that the processor leaves the rule out. */
  allow(condition: RuleCondition): boolean {
    return conditionLeaves(condition).every(
      (leaf) => leaf.kind !== 'regex' || !(this.read(leaf.pattern) instanceof Error),
    );
  }

  private read(written: string): RuleRegex | Error {
    let found = this.known.get(written);
    if (found === undefined) this.known.set(written, (found = compiled(written)));
    return found;
  }
}

function compiled(written: string): RuleRegex | Error {
  try {
    return ruleRegex(written);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
