/** What two items' texts say about them: one shown as the other, one derived from the other, or strangers. Pure. */
import { OF_FEW } from './frequency-table.js';
import { headlineFingerprint } from './headline-fingerprint.js';
import { headlineLikeness, sameHeadlineNumbers } from './headline-likeness.js';
import { isRoundUp, saysChanged, unmarkedHeadline } from './headline-markers.js';
import { type ComparedText, likeness, type Likeness, type TextProbe } from './text-likeness.js';

/** An item as far as it is compared. `at`: when it was published, else received. */
export interface ComparedItem {
  partnerId: string;
  title: string;
  at: Date;
  text: ComparedText;
}

/** From 0 to 1 each: the least containment and agreement of figures. See docs/operations.md, "One story from many copies". */
export interface IdentityThresholds {
  link: { text: number; numbers: number };
  /** So much text in common links items whose figures agree less. */
  strongLink: { text: number; numbers: number };
  duplicate: { text: number; numbers: number };
}

/** `rule`: which of the rules below spoke. */
export interface TextVerdict extends Likeness {
  relation: 'duplicate' | 'derived';
  rule: 'text-copy' | 'text-overlap' | 'update-marker' | 'figures-updated' | 'short-text';
}

const HOUR_MS = 3_600_000;
/** News that is this old comes back as another story with the old words: a template, an anniversary. */
const SAME_NEWS_MS = 72 * HOUR_MS;
const OLD_NEWS = { text: 0.8, numbers: 0.9 };
/** Below this many words a text is too short for shares of it to mean much. */
const SHORT_WORDS = 20;
const SHORT_WINDOW_MS = 24 * HOUR_MS;
const SHORT_CONTAINMENT = 0.6;
const SAME_TITLE = 0.7;
/** Half a text and half of its figures in common is what templates have; then the headline must agree as well. */
const SURE_OF_FIGURES = { text: 0, numbers: 0.8 };
const SAME_HEADLINE = 0.8;
/** An update that says so may change most figures, but not what it is about; a template's next issue has no such headline. */
const UPDATE = { text: 0.5, numbers: 0.2, title: 0.9 };
const MOSTLY_SAID_BEFORE = { text: 0.8, numbers: 0 };
const UPDATE_WINDOW_MS = 24 * HOUR_MS;
/** Another partner's update without such a marker has its headline and words that no other story has; a daily template's next issue comes later. */
const UNMARKED_UPDATE = { text: 0.5, title: 0.9, ofFew: OF_FEW };
/** Shingles of a sentence that is more than a turn of phrase: of seven words. The last two reach into the next sentence. */
const SENTENCE_SHINGLES = 5;
const OF_THE_NEXT = 2;
const UNMARKED_WINDOW_MS = 22 * HOUR_MS;
/** What is this much shorter is a part of the longer text; parts that are not its beginning make no copy (a round-up, a footer). */
const A_PART = 0.35;
const SOME_OF_THE_LEAD = 0.1;
/** One figure may be the template's own ("at four o'clock"). */
const FIGURES_OF_A_COPY = 2;
/** With fewer figures that both texts state, and under another headline, a copy has so much in common. */
const WITHOUT_FIGURES = 0.9;

/** Null: strangers as far as their texts tell. `probe` is made of the text of `a`. Ask `mayLink` of both first. */
export function textVerdict(
  a: ComparedItem,
  probe: TextProbe,
  b: ComparedItem,
  thresholds: IdentityThresholds,
): TextVerdict | null {
  const found = likeness(probe, b.text);
  if (found.containment < Math.min(UPDATE.text, thresholds.link.text)) return null;
  const apart = Math.abs(a.at.getTime() - b.at.getTime());
  if (Math.min(a.text.words, b.text.words) < SHORT_WORDS) return shortVerdict(a, b, found, apart);
  const meets = ({ text, numbers }: { text: number; numbers: number }): boolean =>
    found.containment >= text && found.agreement >= numbers;
  const isOld = apart > SAME_NEWS_MS;
  if (!sharesTheRightPart(a, b, found) || isUnproved(a, b, found)) return null;
  if (meets(thresholds.duplicate) && (!isOld || meets(OLD_NEWS)))
    // What its partner calls corrected is no copy of what was wrong, however few words differ.
    return saysItChanged(a, b)
      ? { ...found, relation: 'derived', rule: 'update-marker' }
      : { ...found, relation: 'duplicate', rule: 'text-copy' };
  if (apart <= UPDATE_WINDOW_MS && (meets(UPDATE) || meets(MOSTLY_SAID_BEFORE)) && isUpdateOf(a, b))
    return { ...found, relation: 'derived', rule: 'update-marker' };
  if (apart <= UNMARKED_WINDOW_MS && isUnmarkedUpdate(a, probe, b, found))
    return { ...found, relation: 'derived', rule: 'figures-updated' };
  const links = isOld
    ? meets({ ...OLD_NEWS, numbers: thresholds.duplicate.numbers })
    : meets(thresholds.strongLink) || (meets(thresholds.link) && (meets(SURE_OF_FIGURES) || sameTitle(a, b)));
  return links ? { ...found, relation: 'derived', rule: 'text-overlap' } : null;
}

/** Round-ups and live blogs hold many stories, a text without shingles none. */
export function mayLink({ title, text }: Pick<ComparedItem, 'title' | 'text'>): boolean {
  return text.shingles.length > 0 && !isRoundUp(title);
}

/**
 * Where hardly a figure agrees, words alone must tell a copy from a template's next issue (a death notice, an outlook, an invitation), which has most
 * of them too: nearly all are in common, or the headline is. A rubric is no headline. An extract shares nearly all or is none.
 */
function isUnproved(a: ComparedItem, b: ComparedItem, { containment, agreed }: Likeness): boolean {
  return agreed < FIGURES_OF_A_COPY && containment < WITHOUT_FIGURES && (isRubric(a.title) || !sameTitle(a, b));
}

function isRubric(title: string): boolean {
  return headlineFingerprint(title) === null;
}

/** Within one partner's feeds a shared end is its footer and a shared middle its template; a copy begins alike. */
function sharesTheRightPart(a: ComparedItem, b: ComparedItem, { ratio, lead }: Likeness): boolean {
  if (lead >= SOME_OF_THE_LEAD) return true;
  return ratio >= A_PART && (a.partnerId !== b.partnerId || headlineLikeness(a.title, b.title) >= SAME_TITLE);
}

function shortVerdict(a: ComparedItem, b: ComparedItem, found: Likeness, apart: number): TextVerdict | null {
  const agrees =
    apart <= SHORT_WINDOW_MS &&
    found.containment >= SHORT_CONTAINMENT &&
    found.agreement === 1 &&
    headlineLikeness(a.title, b.title) >= SAME_TITLE &&
    sameHeadlineNumbers(a.title, b.title);
  return agrees ? { ...found, relation: 'duplicate', rule: 'short-text' } : null;
}

/** A copy of the changed text bears the same marker, or none: then it is the copy of whatever it is closest to. */
function saysItChanged(a: ComparedItem, b: ComparedItem): boolean {
  const [later, earlier] = a.at >= b.at ? [a, b] : [b, a];
  return saysChanged(later.title, earlier.title);
}

/** The later one's headline is marked as an update, and without its marker says what the earlier one's says. */
function isUpdateOf(a: ComparedItem, b: ComparedItem): boolean {
  const later = a.at >= b.at ? a : b;
  return unmarkedHeadline(later.title).isUpdate && headlineLikeness(a.title, b.title) >= UPDATE.title;
}

/** One report whose figures have moved on: most of a template's words are known from its other issues, and its headline, too, comes again. */
function isUnmarkedUpdate(a: ComparedItem, probe: TextProbe, b: ComparedItem, found: Likeness): boolean {
  if (a.partnerId === b.partnerId || found.containment < UNMARKED_UPDATE.text || isRubric(a.title)) return false;
  if (headlineLikeness(a.title, b.title) < UNMARKED_UPDATE.title) return false;
  const ofFew = found.shared.filter((position) => probe.words.isOfFew(probe.text.shingles[position] ?? 0));
  if (ofFew.length < UNMARKED_UPDATE.ofFew * found.shared.length) return false;
  return !probe.words.isYoung() || sharesASentence(probe, found.shared);
}

/** A whole one, with its figures: a template fills in something else in each of its own. So it is told while its issues are not yet counted. */
function sharesASentence({ text }: TextProbe, shared: readonly number[]): boolean {
  const inCommon = new Set(shared);
  return text.sentences.some(({ from, to }) => {
    const end = to - OF_THE_NEXT;
    let at = from;
    while (at < end && inCommon.has(at)) at += 1;
    return at === end && end - from >= SENTENCE_SHINGLES;
  });
}

function sameTitle(a: ComparedItem, b: ComparedItem): boolean {
  return headlineLikeness(a.title, b.title) >= SAME_HEADLINE;
}
