/** The names of the months in the languages of the world's feeds, those that name two months left out. */

const LANGUAGES =
  'de fr es it pt nl da nb sv fi is pl cs sk hu ro sl hr sr sr-Latn bg mk ru uk be el tr az et lv lt ca gl eu id ms vi sq af cy ga ar he hi'.split(
    ' ',
  );

const ENGLISH = 'january february march april may june july august september october november december'.split(' ');

/** Spellings that Intl does not print but feeds do. */
const EXTRA = new Map(
  (
    'aoû=8 sept=9 mrt=3 mär=3 maerz=3 jän=1 jänner=1 feber=2 mai=5 okt=10 dez=12 dic=12 ene=1 ago=8 abr=4 avr=4 ' +
    'ιαν=1 φεβ=2 μάρ=3 μαρ=3 μάώ=3 απρ=4 μάι=5 μαϊ=5 μαι=5 ιούν=6 ιουν=6 ιον=6 ιούλ=7 ιουλ=7 ιολ=7 αύγ=8 αυγ=8 ' +
    'σεπ=9 οκτ=10 νοέ=11 νοε=11 δεκ=12 februári=2 márciu=3 máju=5 ápriliu=4'
  )
    .split(' ')
    .map((entry): [string, number] => [entry.split('=')[0] ?? '', Number(entry.split('=')[1])]),
);

/** What a date is cut into: words, and numbers with an English ordinal's ending. */
export const MONTH_NAMES = { token: /\d+(?:st|nd|rd|th)?|[\p{L}\p{M}]+/gu };

let foreign: Map<string, number> | undefined;

/** Number (1 to 12) of a month by its name in lower case, or undefined when it is none or not sure. */
export function monthOf(word: string): number | undefined {
  if (word.length < 3 || /^\d/.test(word)) return undefined;
  const english = ENGLISH.findIndex((name) => name === word || name.slice(0, 3) === word) + 1;
  return english || EXTRA.get(word) || foreignMonth(word);
}

/** Built on first need: most feeds write English. */
function foreignMonth(word: string): number | undefined {
  foreign ??= collectNames();
  return foreign.get(word) || undefined;
}

function collectNames(): Map<string, number> {
  const names = new Map<string, number>();
  for (const language of LANGUAGES) {
    for (const width of ['long', 'short'] as const) {
      // With the day a name may be inflected (12 stycznia), without it not (styczeń).
      for (const day of ['numeric', undefined] as const) {
        const format = new Intl.DateTimeFormat(`${language}-u-ca-gregory-nu-latn`, {
          month: width,
          timeZone: 'UTC',
          ...(day && { day }),
        });
        for (let month = 1; month <= 12; month++) {
          const part = format.formatToParts(Date.UTC(2001, month - 1, 15)).find((each) => each.type === 'month');
          for (const name of part?.value.toLocaleLowerCase(language).match(/[\p{L}\p{M}]+/gu) ?? [])
            add(names, name, month);
        }
      }
    }
  }
  return names;
}

/** A name that two languages give to different months (listopad) becomes 0: unsure. */
function add(names: Map<string, number>, name: string, month: number): void {
  const known = names.get(name);
  if (name.length >= 3) names.set(name, known === undefined || known === month ? month : 0);
}
