/** Which of a story's items is shown: one that may be shown now, then by the partner's priority, then rights, then a correction by its own partner, then completeness, then who came first. Pure. */
import type { PartnerRights } from '#domain/story-rights.js';

/** `textLength` in characters of the body's plain text. */
export interface LeadCandidate {
  /** Ids are in the order in which items were received. */
  itemId: string;
  partnerId: string;
  /** Its headline says so. */
  isCorrection: boolean;
  priority: number;
  rights: PartnerRights;
  /** Its partner's rights do not allow to show it now. */
  isHidden: boolean;
  textLength: number;
}

/** A copy must be this much longer to count as more complete: footers and by-lines must not change the lead. */
const MORE_COMPLETE = 1.5;
/** Below this many characters more, neither is a fuller account. */
const FEW_CHARACTERS = 100;

/** The leading one; the first candidate is the present lead, or the earliest, and stays unless another is better. */
export function chooseLead<T extends LeadCandidate>(first: T, ...others: T[]): T {
  return others.reduce((lead, candidate) => (isBetter(candidate, lead) ? candidate : lead), first);
}

function isBetter(candidate: LeadCandidate, lead: LeadCandidate): boolean {
  if (candidate.isHidden !== lead.isHidden) return lead.isHidden;
  if (candidate.priority !== lead.priority) return candidate.priority > lead.priority;
  const mayShow = (item: LeadCandidate): boolean => item.rights.excerptOnly !== true;
  if (mayShow(candidate) !== mayShow(lead)) return mayShow(candidate);
  const isFuller = (one: LeadCandidate, other: LeadCandidate): boolean =>
    one.textLength > other.textLength * MORE_COMPLETE + FEW_CHARACTERS;
  // A line that tells of a correction does not take the place of the text, nor an earlier correction that of a later one.
  const isNewest = !lead.isCorrection || candidate.itemId > lead.itemId;
  if (candidate.isCorrection && candidate.partnerId === lead.partnerId && isNewest) return !isFuller(lead, candidate);
  return isFuller(candidate, lead);
}
