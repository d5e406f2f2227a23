/** The names that a text was found to name, each once: a family name alone is the person whose full name was read. Pure. */
import { HIGH_TITLES, ROYAL_TITLES } from './name-words.js';
import type { ListedName } from './people-lists.js';

export interface FoundName {
  scheme: 'person' | 'organisation';
  name: string;
  confidence: number;
  mentions: number;
  /** Why: "first name", "title", "known", "legal form"… */
  cue: string;
}

/** A squad and a league's table are read to their end. */
const MAX_PEOPLE = 30;
const MAX_ORGANISATIONS = 24;

export class GatheredNames {
  /** Names as they follow on each other, people's and such as may be people's. */
  readonly listed: ListedName[] = [];
  private readonly found = new Map<string, FoundName>();
  private readonly surnames = new Map<string, { mentions: number; title: string; written: string }>();

  person(name: string, confidence: number, cue: string, surname: string): void {
    this.add('person', name.replace(/\s+/g, ' '), confidence, cue);
    if (surname !== '') this.surnames.delete(surname);
  }

  organisation(name: string, confidence: number, cue: string, written: string): void {
    this.add(
      'organisation',
      (cue === 'known' ? name : written).replace(/\s+/g, ' ').replace(/^The /, ''),
      confidence,
      cue,
    );
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
    const people = this.of('person');
    for (const [name, { mentions, title, written: asWritten }] of this.surnames) {
      const owner = people.find((person) => person.name.endsWith(` ${name}`) || person.name.startsWith(`${name} `));
      if (owner !== undefined) owner.mentions += mentions;
      else if (title !== '') {
        const shown = ROYAL_TITLES.has(title) && /^\p{Lu}/u.test(asWritten) ? `${asWritten} ${name}` : name;
        people.push({ scheme: 'person', name: shown, confidence: 0.8, mentions, cue: 'title' });
      }
    }
    return [...first(people, MAX_PEOPLE), ...first(this.of('organisation'), MAX_ORGANISATIONS)];
  }

  private of(scheme: FoundName['scheme']): FoundName[] {
    return [...this.found.values()].filter((one) => one.scheme === scheme);
  }

  private add(scheme: FoundName['scheme'], name: string, confidence: number, cue: string): void {
    const key = `${scheme}/${name}`;
    const seen = this.found.get(key);
    if (seen === undefined) this.found.set(key, { scheme, name, confidence, mentions: 1, cue });
    else seen.mentions += 1;
  }
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
