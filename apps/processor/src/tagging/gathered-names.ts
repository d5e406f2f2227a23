/** The names that a text was found to name, each once: a family name alone is the person whose full name was read. Pure. */
import { HIGH_TITLES, LEGAL_CAPITALS, LEGAL_FORMS, ROYAL_TITLES } from './name-words.js';
import type { ListedName } from './people-lists.js';

export interface FoundName {
  scheme: 'person' | 'organisation';
  name: string;
  confidence: number;
  mentions: number;
  /** Why: "first name", "title", "known", "legal form"… */
  cue: string;
}

/** Cues that a short form has as well as a name. */
const SHORT_FORMS = new Set(['says', 'kind before it', 'kind after it', 'kind beside it']);
const AND_CO = ' and Co';
const GOVERNMENT = /^(\p{Lu}\S+) (?:Administration|Government|Cabinet)$/u;
/** A squad is read to its end, and leaves room for organisations among the forty tags of a story. */
const MAX_PEOPLE = 22;
const MAX_ORGANISATIONS = 16;

export class GatheredNames {
  /** Names as they follow on each other, people's and such as may be people's. */
  readonly listed: ListedName[] = [];
  private readonly found = new Map<string, FoundName>();
  /** Listed organisations whose words a headline in capitals has: "UPS" there may be the verb. */
  private readonly hints: string[] = [];
  private readonly given = new Map<string, string>();
  private readonly firms = new Set<string>();
  private readonly sure = new Set<string>();
  private readonly surnames = new Map<string, { mentions: number; title: string; written: string }>();

  /** `isSure`: nobody but a person is called so here, whatever firm has the name too. */
  person(name: string, confidence: number, cue: string, surname: string, isSure = true): void {
    const onOneLine = name.replace(/\s+/g, ' ');
    this.add('person', onOneLine, confidence, cue);
    if (isSure) this.sure.add(onOneLine);
    if (surname !== '') this.surnames.delete(surname);
  }

  /** The name is a firm's in this place, or the end of one's: no tag, and nobody is called so. */
  firm(name: string): void {
    this.firms.add(name.replace(/\s+/g, ' '));
  }

  organisation(name: string, confidence: number, cue: string): void {
    this.add('organisation', shown(name), confidence, cue);
  }

  /** "Instituto Quillfeather (INQUI)": letters that the text gives to a name. */
  letters(short: string | undefined, name: string): void {
    if (short !== undefined && short !== name) this.given.set(short, shown(name));
  }

  /** Counts when the text names it elsewhere. */
  perhaps(name: string): void {
    this.hints.push(name);
  }

  surname(name: string, title: string, before: string): void {
    const seen = this.surnames.get(name) ?? { mentions: 0, title: '', written: '' };
    seen.mentions += 1;
    if (HIGH_TITLES.has(title) && seen.title === '') {
      seen.title = title;
      seen.written = before;
    }
    this.surnames.set(name, seen);
  }

  names(): FoundName[] {
    const people = whole(this.of('person').filter((one) => !this.isFirm(one)));
    for (const name of this.hints) {
      const seen = this.found.get(keyOf('organisation', name));
      if (seen !== undefined) seen.mentions += 1;
    }
    for (const [name, { mentions, title, written: asWritten }] of this.surnames) {
      const owner = people.find((person) => person.name.endsWith(` ${name}`) || person.name.startsWith(`${name} `));
      if (owner !== undefined) owner.mentions += mentions;
      else if (title !== '') {
        const called = ROYAL_TITLES.has(title) && /^\p{Lu}/u.test(asWritten) ? `${asWritten} ${name}` : name;
        people.push({ scheme: 'person', name: called, confidence: 0.8, mentions, cue: 'title' });
      }
    }
    return [...first(people, MAX_PEOPLE), ...first(this.organisations(people), MAX_ORGANISATIONS)];
  }

  /** A short form ("Quillfeather", "KHA") is the one whose whole name was read ("Quillfeather Foods", "Kelso Harbour Authority"). */
  private organisations(people: readonly FoundName[]): FoundName[] {
    const all = this.of('organisation').filter(({ name }) => !isTeamOf(people, name) && !this.isLedBy(people, name));
    const wholes = new Map<string, FoundName>();
    for (const one of all) for (const short of shortForms(one.name)) if (!wholes.has(short)) wholes.set(short, one);
    for (const [short, name] of this.given) {
      const whole = all.find((one) => one.name === name);
      if (whole !== undefined) wholes.set(short, whole);
    }
    const bodies = new Map(all.map((one) => [one.name.toLowerCase(), one]));
    const same = new Map<FoundName, FoundName>();
    for (const one of all) {
      const shorter = withoutForms(one.name).flatMap((name) => bodies.get(name.toLowerCase()) ?? []);
      const short = shorter.find(({ cue }) => cue === 'known') ?? shorter[0];
      if (short !== undefined) {
        // A listed name is the one by which other texts have it.
        if (short.cue === 'known') same.set(one, short);
        else same.set(short, one);
      }
      // "Kelso Gas" beside "Kelso Gas and Electric Co".
      const longer = one.cue === 'kind' ? all.find(({ name }) => name.startsWith(`${one.name} and `)) : undefined;
      if (longer !== undefined) same.set(one, longer);
      // "Lockheed" beside "Lockheed Martin", both listed.
      const listed =
        one.cue === 'known'
          ? all.find((other) => other.cue === 'known' && other.name.startsWith(`${one.name} `))
          : undefined;
      if (listed !== undefined) same.set(one, listed);
    }
    return all.filter((one) => {
      const whole = same.get(one) ?? (SHORT_FORMS.has(one.cue) ? wholes.get(one.name) : undefined);
      if (whole !== undefined && whole !== one) whole.mentions += one.mentions;
      return whole === undefined || whole === one;
    });
  }

  /** "The Quillfeather Administration" in a text on President Quillfeather: a government, which has no name. */
  private isLedBy(people: readonly FoundName[], name: string): boolean {
    const leader = GOVERNMENT.exec(name)?.[1];
    if (leader === undefined) return false;
    return this.surnames.has(leader) || people.some((one) => one.name === leader || one.name.endsWith(` ${leader}`));
  }

  /** Somewhere in the text it is a firm's name, or the beginning of one ("Robert Quillfeather Inc"), and nowhere surely a person's. */
  private isFirm({ name, cue }: FoundName): boolean {
    if (this.sure.has(name)) return false;
    if ([...this.firms].some((firm) => firm === name || firm.startsWith(`${name} `))) return true;
    return this.of('organisation').some(
      (one) => one.name.startsWith(`${name} `) && (one.cue === 'legal form' || cue !== 'first name'),
    );
  }

  private of(scheme: FoundName['scheme']): FoundName[] {
    return [...this.found.values()].filter((one) => one.scheme === scheme);
  }

  private add(scheme: FoundName['scheme'], name: string, confidence: number, cue: string): void {
    const key = keyOf(scheme, name);
    const seen = this.found.get(key);
    if (seen === undefined) this.found.set(key, { scheme, name, confidence, mentions: 1, cue });
    else {
      seen.mentions += 1;
      // "QUILLFEATHER INC" in a headline, and as it is written.
      if (seen.name === seen.name.toUpperCase()) seen.name = name;
    }
  }
}

/** An organisation is the same in a headline's capitals. */
function keyOf(scheme: FoundName['scheme'], name: string): string {
  return `${scheme}/${scheme === 'organisation' ? name.toLowerCase() : name}`;
}

/** An organisation's name as it is shown: on one line, without its article. */
function shown(name: string): string {
  return name.replace(/\s+/g, ' ').replace(/^The /, '');
}

/** "Van Quill" and "Z. Quill" beside "Robert van Quill" and "Robert Z. Quill" are the same people. */
function whole(people: readonly FoundName[]): FoundName[] {
  return people.filter((one) => {
    const longer = people.find(({ name }) => name.toLowerCase().endsWith(` ${one.name.toLowerCase()}`));
    if (longer !== undefined) longer.mentions += one.mentions;
    return longer === undefined;
  });
}

/** "Quillfeather and Co" beside Robert Quillfeather: he and those with him. */
function isTeamOf(people: readonly FoundName[], name: string): boolean {
  return name.endsWith(AND_CO) && people.some((one) => one.name.endsWith(` ${name.slice(0, -AND_CO.length)}`));
}

/** "Quillfeather Orchards Group Inc" is "Quillfeather Orchards Group" and "Quillfeather Orchards". */
function withoutForms(name: string): string[] {
  const words = name.split(' ');
  const shorter: string[] = [];
  for (let end = words.length - 1; end > 0 && isForm(words[end] ?? ''); end -= 1)
    shorter.push(words.slice(0, end).join(' '));
  return shorter;
}

function isForm(word: string): boolean {
  return (
    LEGAL_FORMS.has(word.toLowerCase()) || LEGAL_CAPITALS.has(word) || /^(?:group|holdings?|company|cos)$/i.test(word)
  );
}

/** The first words of a name, and its initials from three on. */
function shortForms(name: string): string[] {
  const beginnings = [...name.matchAll(/ /g)].map(({ index }) => name.slice(0, index));
  const words = name.split(/[\s-]+/).filter((word) => /^\p{Lu}/u.test(word));
  const initials = [words.filter((word) => !LEGAL_FORMS.has(word.toLowerCase())), words].map((row) =>
    row.map((word) => word[0]).join(''),
  );
  return [...beginnings, ...initials.filter((letters) => letters.length > 2)];
}

/** The most named, in the order of the text. */
function first(names: FoundName[], limit: number): FoundName[] {
  const kept = new Set([...names].sort((a, b) => b.mentions - a.mentions).slice(0, limit));
  return names
    .filter((name) => kept.has(name))
    .map((name) => ({
      ...name,
      confidence: Math.round(Math.min(0.97, name.confidence + 0.03 * (name.mentions - 1)) * 100) / 100,
    }));
}
