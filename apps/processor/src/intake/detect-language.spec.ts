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
  ['bg', 'кметът откри новата пътека'],
  ['be', 'новы мост адкрылі ў горадзе'],
  ['sr', 'у недељу почиње сајам књига'],
  ['uk', 'у місті відкрили новий міст'],
  ['mr', 'शहरात नवीन पूल सुरू झाला आहे'],
  ['hi', 'शहर में नया पुल शुरू हो गया है'],
  ['ca', "l'alcaldessa obre el mercat"],
  ['sk', 'mesto otvorilo novú školu pre'],
  ['sl', 'v mestu so odprli novo šolo'],
  ['ur', 'شہر میں نیا پل کھول دیا گیا ہے'],
  ['fa', 'پل تازه شهر امروز باز شد و'],
  ['et', 'linnas avati eile uus kool'],
  ['no', 'straffbart å kaste søppel,'],
  ['da', 'beslutningen om hastighed'],
  ['sr', 'Predsednik opštine otvorio je u nedelju novi most posle tri godine'],
  ['hr', 'Predsjednik općine otvorio je u nedjelju novi most nakon tri godine'],
  ['ms', 'Menteri berkata bahawa kerajaan akan membina jambatan baharu'],
  ['id', 'Menteri berkata bahwa pemerintah akan membangun jembatan baru'],
  ['mk', 'Градоначалникот вчера во центарот го отвори новиот мост и рече дека ќе'],
  ['kk', 'Қала әкімі жаңа көпірді ашты'],
  ['tg', 'Шаҳрдор пули навро ҷумъа кушод'],
  ['ps', 'ښاروال نن نوی پل پرانيست او'],
  ['si', 'නගරාධිපති අද නව පාලම විවෘත කළේය'],
  ['my', 'မြို့တော်ဝန်က တံတားသစ်ကို ဒီနေ့ ဖွင့်လှစ်ခဲ့သည်'],
])('a piece of %s alone: %s', (language, text) => expect(detectLanguage(text, [])).toBe(language));

test.each([
  ['af', 'Die burgemeester het Maandag die nuwe brug oor die rivier geopen en gesê dat dit die dorp sal help.'],
  ['gl', 'A alcaldesa abriu o luns a nova ponte sobre o río e dixo que a obra axudará moito á vila.'],
  ['bs', 'Načelnik općine otvorio je u ponedjeljak novi most preko rijeke i rekao da će pomoći gradu.'],
  ['sr', 'Predsednik opštine otvorio je u ponedeljak novi most preko reke i rekao da će pomoći gradu.'],
  ['mk', 'Градоначалникот го отвори новиот мост над реката и рече дека тој ќе му помогне на градот.'],
  ['kk', 'Қала әкімі дүйсенбі күні өзен үстіндегі жаңа көпірді ашып, оның қалаға көмектесетінін айтты.'],
  ['uz', 'Шаҳар ҳокими душанба куни дарё устидаги янги кўприкни очди ва у шаҳарга ёрдам беради деди.'],
])('%s, which the detector takes for another language, is believed where it is claimed', (language, text) =>
  expect(detectLanguage(text, [language])).toBe(language),
);

test.each([
  ['ga', ENGLISH, 'en'],
  ['af', GERMAN, 'de'],
  ['mk', ENGLISH, 'en'],
])('a claim of %s is wrong where the text is clearly another', (claim, text, language) =>
  expect(detectLanguage(text, [claim])).toBe(language),
);

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
