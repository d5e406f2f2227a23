/** Runs a draft of a rule over the newest stories and says what would be different, writing nothing. */
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { RuleAction, RuleCondition } from '#contracts/rule.js';
import { conditionInWords, conditionLeaves } from '#domain/condition-in-words.js';
import { RULE_SOURCE, ruleOutcome, type RuleOutcome } from '#domain/rule-outcome.js';
import { RuleMatcher } from '#domain/rule-matcher.js';
import { type PreviewStory, RulePreviewRepository } from '#storage/rule-preview.repository.js';
import { ruleNotes } from './rule-check.js';
import type { rulePreviewSchema } from './rules.schemas.js';

export type RulePreviewAnswer = z.infer<typeof rulePreviewSchema>;
type Example = RulePreviewAnswer['examples'][number];

/** `replaces`: the present name of the rule that the draft would take the place of. */
export interface RuleDraft {
  condition: RuleCondition;
  actions: RuleAction[];
  replaces: string | null;
}

/** How the source of a tag begins that an operator gave: no rule takes it. */
const OPERATOR_SOURCE = 'operator';
const PAGE = 100;
const EXAMPLES = 100;
const MAX_MS = 5_000;

@Injectable()
export class RulePreview {
  constructor(private readonly stories: RulePreviewRepository) {}

  /** At most five seconds; what was looked at by then is answered. */
  async run(draft: RuleDraft, most: number): Promise<RulePreviewAnswer> {
    const until = Date.now() + MAX_MS;
    const trial = new Trial(draft);
    let after: string | undefined;
    for (let seen = 0; seen < most && Date.now() < until;) {
      const page = await this.stories.newest(Math.min(PAGE, most - seen), after);
      for (const story of page) {
        if (Date.now() >= until) break;
        trial.judge(story);
      }
      seen += page.length;
      after = page.at(-1)?.id;
      if (page.length < PAGE) return trial.answer(trial.stories === seen);
    }
    return trial.answer(trial.stories === most);
  }
}

/** What has been seen so far. */
class Trial {
  stories = 0;
  private matched = 0;
  private changed = 0;
  private readonly refused = { dropped: 0, held: 0 };
  private milliseconds = 0;
  private readonly changing: Example[] = [];
  private readonly unchanging: Example[] = [];
  private readonly leaves;
  private readonly matcher;

  constructor(private readonly draft: RuleDraft) {
    this.leaves = conditionLeaves(draft.condition);
    // The single conditions are asked along with the whole: they say why it holds.
    this.matcher = { whole: new RuleMatcher([draft.condition]), parts: new RuleMatcher(this.leaves) };
  }

  judge(story: PreviewStory): void {
    const facts = { ...story, body: story.bodyText, partner: story.partner.slug, categories: namesOf(story) };
    const from = performance.now();
    const holds = this.matcher.whole.match(facts).length > 0;
    this.milliseconds += performance.now() - from;
    this.stories += 1;
    const rule = { id: '', name: 'draft', actions: this.draft.actions };
    const outcome = ruleOutcome(holds ? [rule] : [], false);
    const effect = effectOn(story, outcome, this.draft.replaces);
    if (holds) this.matched += 1;
    if (effect.changes.length > 0) this.changed += 1;
    if (outcome.refusal !== null) this.refused[outcome.refusal.state] += 1;
    const examples = effect.changes.length > 0 ? this.changing : this.unchanging;
    if ((!holds && effect.changes.length === 0) || examples.length >= EXAMPLES) return;
    const because = holds ? this.matcher.parts.match(facts).map((place) => this.leafInWords(place)) : [];
    const { id, title, partner, publishedAt } = story;
    examples.push({
      storyId: id,
      title,
      partner: partner.slug,
      publishedAt: publishedAt.toISOString(),
      because,
      ...effect,
    });
  }

  answer(complete: boolean): RulePreviewAnswer {
    return {
      stories: this.stories,
      complete,
      matched: this.matched,
      changed: this.changed,
      ...this.refused,
      milliseconds: Math.round((this.milliseconds / Math.max(1, this.stories)) * 1_000) / 1_000,
      notes: ruleNotes(this.draft.condition),
      examples: [...this.changing, ...this.unchanging].slice(0, EXAMPLES),
    };
  }

  private leafInWords(place: number): string {
    const leaf = this.leaves[place];
    return leaf === undefined ? '' : conditionInWords(leaf);
  }
}

function namesOf({ categories }: PreviewStory): string[] {
  return categories.flatMap(({ term, label }) => (label === undefined ? [term] : [label, term]));
}

function effectOn(
  { tags, refusedTags, channels, partner }: PreviewStory,
  outcome: RuleOutcome,
  replaces: string | null,
): Pick<Example, 'changes' | 'tagsAdded' | 'tagsRemoved'> {
  if (outcome.refusal !== null) return { changes: [outcome.refusal.state], tagsAdded: [], tagsRemoved: [] };
  const key = ({ scheme, slug }: { scheme: string; slug: string }): string => `${scheme}/${slug}`;
  const present = new Set(tags.map(key));
  const given = new Set(outcome.tags.map(key));
  const added = outcome.tags.filter((tag) => !present.has(key(tag)) && !refusedTags.includes(key(tag)));
  const removed = tags.filter(
    (tag) =>
      (outcome.untagged.includes(key(tag)) && !tag.source.startsWith(OPERATOR_SOURCE)) ||
      (replaces !== null && tag.source === `${RULE_SOURCE}${replaces}"` && !given.has(key(tag))),
  );
  const isMoved = outcome.priority !== null && outcome.priority !== partner.priority;
  const plain = ({ scheme, name, slug }: (typeof tags)[number]) => ({ scheme, name, slug });
  return {
    changes: [
      ...added.map((tag) => `tag ${key(tag)} added`),
      ...removed.map((tag) => `tag ${key(tag)} removed`),
      ...outcome.routes.filter((slug) => !channels.includes(slug)).map((slug) => `into channel ${slug}`),
      ...(isMoved ? [`priority ${outcome.priority ?? 0} in place of ${partner.priority}`] : []),
    ],
    tagsAdded: added.map(plain),
    tagsRemoved: removed.map(plain),
  };
}
