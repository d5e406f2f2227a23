/** How the sources of tags begin that are not a text's or a rule's (`rule-outcome.ts` has those). */

/** An operator gave it: no machine takes it away. */
export const OPERATOR_SOURCE = 'operator';

/** Then the category in quotes, and the partner's name in brackets. */
export const CATEGORY_SOURCE = 'partner category';
