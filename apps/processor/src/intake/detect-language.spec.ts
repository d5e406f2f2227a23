/** Languages from words and claims. */
import { detectLanguage } from './detect-language.js';
import { primarySubtag } from '#domain/language-tag.js';

const GERMAN = 'Der Stadtrat hat am Montag nach langer Debatte den Haushalt für das kommende Jahr beschlossen.';
const ENGLISH = 'The city council approved next year’s budget on Monday after a long debate.';
const INDONESIAN = 'Perdana menteri mengatakan bahwa pemerintah akan menaikkan anggaran pendidikan tahun depan.';
const NORWEGIAN = 'Bystyret vedtok mandag budsjettet for neste år etter en lang debatt om skoler og kollektivtrafikk.';

test.each([
  ['nobody claims anything', GERMAN, [], 'de'],
  ['the claim agrees', GERMAN, ['de-AT'], 'de'],
  ['the claim is wrong', GERMAN, ['en-us'], 'de'],
  ['the nearer claim counts', ENGLISH, ['en-GB', 'de'], 'en'],
  ['a short text cannot contradict', 'Goal!', ['nl'], 'nl'],
  ['a short text alone says nothing', '1-0', [], null],
  ['a headline alone is guessed', 'n suspicion of murder aft', [], 'en'],
  ['a piece of Spanish is no Catalan', 'ombatir la sequía en el s', [], 'es'],
  ['a piece of Norwegian is no Danish', 'en avtale etter mye møye', [], 'no'],
  ['Russian letters are not Ukrainian', 'в результате выросли цены', [], 'ru'],
  ['no text, no claim', '', [null, undefined], null],
  ['Malay words are Indonesian unless claimed', INDONESIAN, [], 'id'],
  ['Malay is claimed', INDONESIAN, ['ms'], 'ms'],
  ['Bokmål is Norwegian', NORWEGIAN, ['nb-NO'], 'no'],
  ['another script', 'Городской совет принял бюджет на следующий год.', ['en'], 'ru'],
  ['a language the detector does not know', '', ['ga-IE'], 'ga'],
])('%s', (_, text, claims, language) => expect(detectLanguage(text, claims)).toBe(language));

test.each([
  ['en-GB', 'en'],
  ['pt_BR', 'pt'],
  ['deu', 'de'],
  ['EN', 'en'],
  ['iw', 'he'],
  ['sh', 'sr'],
  ['english', null],
  ['und', null],
  ['', null],
  ['<script>', null],
])('the primary subtag of %j is %j', (tag, subtag) => expect(primarySubtag(tag)).toBe(subtag));
