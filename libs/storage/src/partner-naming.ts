/** Who may be named to readers: not a partner that lets nothing be passed on, nor one whose copies of the story are hidden now. */
import { sql } from 'kysely';

/** Of a partner `p`. Rights that were never set let everything be passed on. */
export const MAY_BE_NAMED = sql<boolean>`p.rights->>'mayRepublish' IS DISTINCT FROM 'false'`;

/** Of a partner `p` that carries a story by the row `sp`: an embargo or an expiry hides copies, not partners. */
export const IS_NAMED = sql<boolean>`(sp.named AND ${MAY_BE_NAMED})`;
