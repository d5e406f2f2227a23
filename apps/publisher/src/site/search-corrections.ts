/** Words for mistyped ones: from the words that stories have, the nearest first, then the most used. */
import { Injectable } from '@nestjs/common';
import { editDistance } from '#domain/edit-distance.js';
import { SearchWordRepository, type UnknownWord } from '#storage/search-word.repository.js';
import { foldWord, wordsIn } from './highlight.js';

/** In a shorter word a slip is as likely another word. */
const SHORTEST = 4;
/** Words of this length may have two slips. */
const LONG = 8;

@Injectable()
export class SearchCorrections {
  constructor(private readonly words: SearchWordRepository) {}

  /** The search with the words that no story has replaced by ones that some have; undefined when there is none to replace. */
  async instead(words: string): Promise<string | undefined> {
    const unknown = await this.words.unknown(words);
    return corrected(words, unknown);
  }
}

/** `words` as it was typed, but for its unknown words. */
function corrected(words: string, unknown: readonly UnknownWord[]): string | undefined {
  const replaced = new Map(unknown.flatMap((each) => nearest(each) ?? []));
  let text = '';
  let end = 0;
  for (const { word, index } of wordsIn(words)) {
    const other = replaced.get(foldWord(word));
    // What is to be left out stays as it is.
    if (other === undefined || words[index - 1] === '-') continue;
    text += words.slice(end, index) + other;
    end = index + word.length;
  }
  return end === 0 ? undefined : text + words.slice(end);
}

function nearest({ word, alike }: UnknownWord): [string, string][] | undefined {
  if (word.length < SHORTEST) return undefined;
  const most = word.length >= LONG ? 2 : 1;
  const [best] = alike
    .map((other) => ({ ...other, distance: editDistance(word, other.word, most) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance || b.documents - a.documents || a.word.localeCompare(b.word));
  return best && [[word, best.word]];
}
