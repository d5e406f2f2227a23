/** Says whether an admin token can be used, and whether it can be guessed: whoever has it may do everything, and right ones are always let in. */

/** What nobody gets through in years, at the pace of many addresses at the console's door. */
const LEAST_BITS = 56;
const LEAST_CHARACTERS = 16;
const LEAST_DISTINCT = 8;
/** A partner's token begins so, and the API looks it up as one. */
const PARTNERS_PREFIX = 'dlp_';

const HOW_TO_MAKE_ONE = 'make one with: openssl rand -hex 24';

/** What people put into tokens, in small letters. Each is worth about as much as one random letter. */
const COMMON_WORDS =
  /chang(?:e|it|me)+|replace(?:it|me)?|password|passwd|passphrase|secret|token|admin(?:istrator)?|operator|dateline|console|bearer|example|default|sample|insert|please|enter|demo|test|user|root|login|welcome|letmein|hello|world|here|news|your|this|that|with|from|long|random/g;
/** Rows and columns of keyboards, and what is done with them. */
const KEYBOARD_WALKS =
  'qwertyuiop asdfghjkl zxcvbnm qwertzuiopü yxcvbnm azertyuiop 1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc4rfv5tgb';

/** Shorter ones come about by chance as well, in what machines make of letters of both cases. */
const LETTERS_OF_A_WORD = /[A-Z]?[a-z]{3,}|[A-Z]{4,}/g;
/** Hardly a word has so many consonants in a row, or so few vowels. */
const CONSONANTS_BY_CHANCE = /[^aeiouy]{5}/i;
const LETTERS_A_VOWEL = 5;

const WORD_BITS = 5;
/** A passphrase of words that were drawn from a list is worth about this much a letter. */
const LETTER_OF_WORD_BITS = 2.5;
const LETTER_BITS = 4.7;
const CASE_BITS = 1;
const DIGIT_BITS = 3.3;
const SIGN_BITS = 4;

/** Why the token cannot be used, and how to make one that can; never the token itself. Null: it can. */
export function adminTokenProblem(token: string): string | null {
  if (!/^[\x21-\x7e]*$/.test(token))
    return `must be ASCII without spaces, since it is sent in a header; ${HOW_TO_MAKE_ONE}`;
  if (token.startsWith(PARTNERS_PREFIX))
    return `must not begin with ${PARTNERS_PREFIX}, as the tokens of partners do; ${HOW_TO_MAKE_ONE}`;
  if (token.length < LEAST_CHARACTERS) return `must have at least ${LEAST_CHARACTERS} characters; ${HOW_TO_MAKE_ONE}`;
  return null;
}

/** What its operator is warned of at each start: the token works, but it can be guessed. Null: hardly. */
export function adminTokenWeakness(token: string): string | null {
  const isWeak = new Set(token).size < LEAST_DISTINCT || guessedBits(token.slice(0, 1_000)) < LEAST_BITS;
  return isWeak ? `can be guessed (too short, repeated, or made of words); ${HOW_TO_MAKE_ONE}` : null;
}

/** About the logarithm of the guesses that somebody needs who knows how people think up tokens. */
function guessedBits(token: string): number {
  const small = token.toLowerCase();
  const words = wordsIn(small);
  const inWord = new Set(words.flatMap(({ start, word }) => Array.from(word, (_, at) => start + at)));
  const inRun = new Set(
    [...token.matchAll(LETTERS_OF_A_WORD)].flatMap(({ index, 0: run }) =>
      isLikeWords(run) ? Array.from(run, (_, at) => index + at) : [],
    ),
  );
  // Letters outside of words have their case by chance.
  const isMixed = /[a-z].*[A-Z]/.test(token) && /[A-Z].*[a-z]/.test(token);
  let bits = new Set(words.map(({ word }) => word)).size * WORD_BITS;
  for (let at = 0; at < token.length; at += 1) {
    if (inWord.has(at) || isForeseen(small, at)) continue;
    if (inRun.has(at)) bits += LETTER_OF_WORD_BITS;
    else bits += bitsOfCharacter(small, at) + (isMixed && /[a-z]/.test(small[at] ?? '') ? CASE_BITS : 0);
  }
  return bits;
}

function isLikeWords(run: string): boolean {
  const vowels = run.match(/[aeiouy]/gi)?.length ?? 0;
  return !CONSONANTS_BY_CHANCE.test(run) && vowels * LETTERS_A_VOWEL >= run.length;
}

/** Also where digits and signs stand for letters. */
function wordsIn(small: string): { start: number; word: string }[] {
  const stands = new Map(Object.entries({ 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's' }));
  const spelt = small.replaceAll(/[013457@$]/g, (sign) => stands.get(sign) ?? sign);
  return [...spelt.matchAll(COMMON_WORDS)].map(({ index, 0: word }) => ({ start: index, word }));
}

/** Whether the three characters that end here were there before, count up or down, or lie side by side on a keyboard. */
function isForeseen(small: string, at: number): boolean {
  const three = small.slice(Math.max(0, at - 2), at + 1);
  if (three.length < 3) return false;
  if (small.indexOf(three) < at - 2 || KEYBOARD_WALKS.includes(three)) return true;
  const [a = 0, b = 0, c = 0] = Array.from(three, (character) => character.charCodeAt(0));
  return b - a === c - b && Math.abs(c - b) <= 1;
}

function bitsOfCharacter(small: string, at: number): number {
  const character = small[at] ?? '';
  if (/[a-z]/.test(character)) return LETTER_BITS;
  if (/\d/.test(character)) return DIGIT_BITS;
  // What stands between words is the same sign everywhere.
  return small.indexOf(character) < at ? 0 : SIGN_BITS;
}
