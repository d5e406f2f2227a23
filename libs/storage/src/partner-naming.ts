/** Who may be named to readers: a partner that lets nothing be passed on is not. */
import { sql } from 'kysely';

/** Of a partner `p`. Rights that were never set let everything be passed on. */
export const MAY_BE_NAMED = sql<boolean>`p.rights->>'mayRepublish' IS DISTINCT FROM 'false'`;
