/** Runs a draft of a rule among the stored rules over the newest stories and says what would be different, writing nothing. */
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { CompiledRegexes } from '#domain/compiled-regexes.js';
import { conditionInWords, conditionLeaves } from '#domain/condition-in-words.js';
import { ruleOutcome } from '#domain/rule-outcome.js';
import { RuleMatcher } from '#domain/rule-matcher.js';
import { type PreviewStory, RulePreviewRepository } from '#storage/rule-preview.repository.js';
import { type RuleInForce, RuleRepository } from '#storage/rule.repository.js';
import { DRAFT, lineUp, type RuleDraft, type RuleLine } from './rule-line.js';
import { storyChanges } from './story-changes.js';
import type { rulePreviewSchema } from './rules.schemas.js';

export type RulePreviewAnswer = Omit<z.infer<typeof rulePreviewSchema>, 'notes'>;
type Example = RulePreviewAnswer['examples'][number];

const PAGE = 100;
const EXAMPLES = 100;
const MAX_MS = 5_000;

@Injectable()
export class RulePreview {
  constructor(
    private readonly stories: RulePreviewRepository,
    private readonly rules: RuleRepository,
  ) {}

  /** Looks at stories for at most five seconds; what was looked at by then is answered. */
  async run(draft: RuleDraft, most: number): Promise<RulePreviewAnswer> {
    const stored = await this.rules.inForce();
    const regexes = new CompiledRegexes();
    await regexes.prepare(stored.map(({ condition }) => condition));
    const inForce = stored.filter(({ condition }) => regexes.allow(condition));
    const trial = new Trial(draft, lineUp(inForce, draft), regexes);
    const until = Date.now() + MAX_MS;
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

  constructor(
    private readonly draft: RuleDraft,
    private readonly line: RuleLine,
    regexes: CompiledRegexes,
  ) {
    this.leaves = conditionLeaves(draft.condition);
    this.matcher = {
      whole: new RuleMatcher([draft.condition]),
      // The single conditions are asked along with the whole: they say why it holds.
      parts: new RuleMatcher(this.leaves),
      stored: new RuleMatcher(
        line.now.map(({ condition }) => condition),
        regexes.of,
      ),
    };
  }

  judge(story: PreviewStory): void {
    const facts = { ...story, body: story.bodyText, partner: story.partner.slug, categories: namesOf(story) };
    const from = performance.now();
    const holds = this.matcher.whole.match(facts).length > 0;
    this.milliseconds += performance.now() - from;
    this.stories += 1;
    if (holds) this.matched += 1;
    // Where it does not hold and takes no other rule's place, all is as it was.
    if (!holds && this.line.replaced === null) return;
    const holding = new Set(this.matcher.stored.match(facts).map((place) => this.line.now[place]?.id ?? ''));
    const outcome = (rules: readonly Omit<RuleInForce, 'condition'>[]) =>
      ruleOutcome(
        rules.filter(({ id }) => (id === DRAFT ? holds : holding.has(id))),
        story.isReleased,
      );
    const { refusal, ...effect } = storyChanges(
      story,
      { now: outcome(this.line.now), then: outcome(this.line.then) },
      { actions: this.draft.actions, replaced: this.line.replaced },
    );
    if (effect.changes.length > 0) this.changed += 1;
    if (refusal !== null) this.refused[refusal] += 1;
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
