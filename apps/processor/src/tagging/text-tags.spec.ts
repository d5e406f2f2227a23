/** What texts name, and what they only seem to. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { projectFile } from '#config/project-file.js';
import { expectCpuBelow } from '../../../../test/support/cpu-time.js';
import { NameIndex } from './name-index.js';
import { type PlaceData, PlaceIndex } from './place-index.js';
import { TextTagger } from './text-tags.js';

const data = (file: string): string => readFileSync(projectFile(`libs/domain/data/${file}`), 'utf8');
const places = new PlaceIndex(JSON.parse(data('places.json')) as PlaceData);
const tagger = new TextTagger(places, new NameIndex(data('first-names.txt'), data('organisations.txt')));

function named(scheme: string, bodyText: string, language: string | null = 'en', title = ''): string[] {
  return tagger
    .tags({ title, bodyText, language })
    .filter((tag) => tag.scheme === scheme)
    .map(({ name }) => name);
}

test.each([
  ['a country', 'Farmers in Belgium blocked the road.', ['Belgium']],
  ['a demonym', 'A Syrian doctor spoke to us.', ['Syria']],
  ['a capital stands for its country', 'Officials in Nairobi denied it.', ['Kenya']],
  ['a state after a comma', 'ROCKFORD, Ill., Feb 2 - The firm sold it.', ['United States']],
  ['a dateline', 'OTTAWA (AP) — The firm sold it.', ['Canada']],
  ['with full stops', 'The U.S. and the U.K. signed.', ['United States', 'United Kingdom']],
  ['capital letters only in capitals', 'Give us more, it is all about us. IT said so.', []],
  ['US is no us in a headline', 'GIVE US MORE TIME SAYS MINISTRY', []],
  ['a former name', 'Burma and Zaire were names then.', ['Myanmar', 'Democratic Republic of the Congo']],
  ['a longer name first', 'Talks in Guinea-Bissau and Papua New Guinea ended.', ['Guinea-Bissau', 'Papua New Guinea']],
  ['a sea is no country', 'Ships crossed the South China Sea and the Gulf of Mexico.', []],
  ['a continent is no country', 'Latin American and North American firms grew.', []],
  ['a surname is no place', 'Tom Holland and Jack London met Michael Jordan.', []],
  ['a first name is no place', 'Paris Hallam opened a shop.', []],
  ['the place of that name', 'The Paris mayor spoke of the Jordan Valley.', ['Jordan', 'France']],
  ['Mr with a surname', 'Mr Ireland agreed.', []],
  ['a club is no city', 'Manchester United beat Leeds United.', []],
  ['a paper is no city', 'The New York Times reported it.', []],
  ['a firm is no city', 'It owes First Chicago Ltd and Quill Portland Cement Ltd money.', []],
  ['a city that opens a sentence or has a firm', 'In Chicago Zog Ltd met Boston’s Quill Ltd.', ['United States']],
  ['firms that are at home elsewhere', 'Bethlehem Steel and Georgia-Pacific met Rio Tinto.', []],
  ['a first name that is a country', 'Salvador Quillfeather opened a shop.', []],
  ['a word is no city', 'A nice bath in the reading room. Most split.', []],
  ['a doubtful city with a word of place', 'Police in Nice and at Reading waited.', ['France', 'United Kingdom']],
  ['Georgia the state', 'A court in Atlanta, Georgia, ruled.', ['United States']],
  ['Georgia the country', 'Georgia and Armenia met in Tbilisi.', ['Georgia', 'Armenia']],
  ['Georgia beside another state', 'Georgia beat Alabama 24-10 on Saturday.', ['United States']],
  ['Georgians of the state', 'Georgians vote in the runoff in Atlanta.', ['United States']],
  [
    'Georgia that an American visits',
    'The US envoy met the Georgian minister in Georgia.',
    ['Georgia', 'United States'],
  ],
  ['a surname alone after the whole name', 'Michael Jordan came back. Jordan scored 40 points.', []],
  ['a surname alone before the whole name', 'London wrote it; Jack London was his name.', []],
  ['a surname beside the place', 'Michael Jordan flew to Amman. Jordan was hot.', ['Jordan']],
  ['a surname after an initial', 'Booker T. Washington spoke. Washington taught.', []],
  ['another city of that name', 'He moved from Paris, Texas, to London, Ontario.', ['United States', 'Canada']],
  ['a town of a state', 'A vote in Lebanon, New Hampshire, was lost. Norway, Maine.', ['United States']],
  [
    'a list of countries and a state',
    'They fell in France, California, and Peru.',
    ['France', 'Peru', 'United States'],
  ],
  ['things called after countries', 'Guinea pigs, a Panama hat, French fries and a Swiss army knife.', []],
  ['a treaty', 'Kenya signed the Paris accord and the Oslo agreement.', ['Kenya']],
  ['news of a cabinet', 'China cabinet vows to act; the French press laughs.', ['China', 'France']],
  [
    'money',
    'The Kenyan port borrowed 20 million Swiss francs and lent Danish crowns against the U.S. dollar.',
    ['Kenya'],
  ],
  [
    'a verb that is money too',
    'Norway won gold. Germany marks its day; Israel pounds the coast. The South Korean won the cup.',
    ['Norway', 'Germany', 'Israel', 'South Korea'],
  ],
  [
    '… and a noun and a name',
    'The Saudi crown prince met Spanish real estate agents. Australian Mark Quillfeather rode.',
    ['Saudi Arabia', 'Spain', 'Australia'],
  ],
  ['a country’s own money', 'Traders say that Turkey’s lira fell.', ['Turkey']],
  ['dollars by their sign', 'The Kenyan port owes US$20 million.', ['Kenya']],
  ['a language', 'French-speaking pupils read a Spanish-language paper.', []],
  ['metonyms', 'Washington said nothing; Moscow did.', ['United States', 'Russia']],
  ['small letters are not names', 'They ate turkey from china plates, said chad.', []],
])('place: %s', (_, text, expected) => expect(named('place', text)).toEqual(expected));

test.each([
  [
    'de',
    'Die französische Regierung und Österreich einigten sich; Deutschlands Kanzler schwieg.',
    ['France', 'Austria', 'Germany'],
  ],
  ['fr', "L'Allemagne et les autorités italiennes négocient.", ['Germany', 'Italy']],
  ['es', 'Los ministros peruanos viajan a Suiza.', ['Peru', 'Switzerland']],
  ['nl', 'De Franse minister reist naar Duitsland.', ['France', 'Germany']],
  ['pl', 'Rząd Polski podpisał umowę z Francją.', ['Poland', 'France']],
  ['ru', 'Переговоры в Германии и США завершены.', ['Germany', 'United States']],
  ['ar', 'وقعت مصر وفرنسا اتفاقا جديدا.', ['Egypt', 'France']],
  ['ja', '日本と北朝鮮は合意した。', ['Japan', 'North Korea']],
  ['ja', 'タイ政府とマリの軍。イラン・イラク戦争。', ['Iran', 'Iraq', 'Mali', 'Thailand']],
  ['ja', '新しいタイトルのスーパーマリオ。3位タイの選手とマリ・キュリー。', []],
  ['ko', '이란 정부와 인도네시아는 합의했다.', ['Indonesia', 'Iran']],
  ['ko', '사랑이란 무엇인가. 결제 수단과 인도적 지원, 북한산 등산.', []],
  ['zh', '中国和美国签署了协议。', ['China', 'United States']],
  ['zh', '法国总统访问德国，海地发生地震。', ['France', 'Germany', 'Haiti']],
  ['zh', '上海地铁开通，内蒙古下雪，中非合作论坛在马里兰州举行。', []],
  ['th', 'นายกรัฐมนตรีไทยเดินทางไปจีน', ['China', 'Thailand']],
])('places in %s', (language, text, expected) =>
  expect(named('place', text, language).sort()).toEqual(expected.sort()),
);

test.each([
  ['a first name', 'Yesterday Robert Quillfeather spoke.', ['Robert Quillfeather']],
  ['a double name whose end is a word', 'Yesterday Robert Quillfeather-West spoke.', ['Robert Quillfeather-West']],
  [
    'a first name without its accents',
    'We met Jiri Quillfeather and Øyvind and Oyvind Marrow.',
    ['Jiri Quillfeather', 'Oyvind Marrow'],
  ],
  [
    'a first name that is a word',
    'Yesterday Bill Quillfeather and Christian Marrow met.',
    ['Bill Quillfeather', 'Christian Marrow'],
  ],
  ['… and is one here', 'The Harbour Bill Debate; the Christian Democrats and Christian Orthodox Churches met.', []],
  ['a word without its accents', 'We saw Come Quillfeather.', []],
  ['one with his team', 'Robert Quillfeather and Co lost.', ['Robert Quillfeather']],
  ['a title', 'He met Senator Zog Quillfeather.', ['Zog Quillfeather']],
  ['initials', 'Goals by J. Quillfeather and B.J. Marrow.', ['J. Quillfeather', 'B.J. Marrow']],
  [
    'a middle initial',
    'We met Robert A. Quillfeather and Judge Eugene I. Marrow.',
    ['Robert A. Quillfeather', 'Eugene I. Marrow'],
  ],
  [
    'initials after a first name that is not known',
    'We met Zog T. Quillfeather and chairman A. Vig Marrow at Terminal B. Passengers left.',
    ['Zog T. Quillfeather', 'A. Vig Marrow'],
  ],
  [
    'initials of countries',
    'It owes 20 million U.S. Dlrs, not N.Z. Dollars, says the U.K. Currency board; U.S Customs left Marrow N.C. nil.',
    [],
  ],
  [
    '… of hours, forms and other names',
    'From 8 A.M. Kelso. Quill S.A. Said it. N.A. N.A. Kelso. S and P. Kelso. V.D. and F. Marrow. Series A. Quill Zog.',
    [],
  ],
  ['… and of the wind', 'Mills in W. Germany fell.', []],
  ['the rest of a name that is cut short', 'It owns Chas. P. Quillfeather.', []],
  ['two family names', 'They filed under the Robert-Quillfeather act and the Jean-Kelso plan in Jan-Dec.', []],
  ['… with a title', 'The visit of President Robert-Quillfeather began.', ['Robert-Quillfeather']],
  [
    '… and a first name elsewhere',
    'Robert Quillfeather-Marrow spoke. Analyst Quillfeather-Marrow left.',
    ['Robert Quillfeather-Marrow'],
  ],
  ['the end of a name again', 'Robert van Quill spoke. Van Quill said he left.', ['Robert van Quill']],
  ['the beginning of another name', 'The Robert Quill Exchange Index fell; Brooks Marrow Police Base too.', []],
  ['a first name whose family name looks like a word', 'The visit of President Robert Sea Quillfeather began.', []],
  [
    'an office in several words',
    'Chief Operating Officer Zog Quillfeather met Chief Accountant Vig Marrow and Deputy Assistant Harbour Secretary Zelt Tarn.',
    ['Zog Quillfeather', 'Vig Marrow', 'Zelt Tarn'],
  ],
  [
    'a long row before a name',
    'Kelso said New Harbour Federal Reserve Board Vice President Zog Quillfeather left.',
    ['Zog Quillfeather'],
  ],
  ['who leads a firm', 'Kelso Harbour Inc Chairman Zog Quillfeather left.', ['Zog Quillfeather']],
  ['… and an office', 'Office of Ports and Piers Managing Director Zog Quillfeather left.', ['Zog Quillfeather']],
  ['… and what it is called', 'Kelso Harbour AG Robert Quillfeather Zog fell.', []],
  ['a firm that somebody works for', 'Vig Marrow, an analyst at Robert Quillfeather, left.', ['Vig Marrow']],
  ['… who comes first', 'Vig Marrow of Robert Quillfeather said so.', []],
  ['… who comes after it', 'Shares fell, Robert Quillfeather food analyst Vig Zogmarrow said.', ['Vig Zogmarrow']],
  ['what a firm is, before it', 'It was arranged by the brokerage Robert Quillfeather, in Kelso.', []],
  ['… but what he did to it', 'The firm Robert Quillfeather founded is closed.', ['Robert Quillfeather']],
  ['… and what people are too', 'It was bought by the publisher Robert Quillfeather.', ['Robert Quillfeather']],
  ['what is owned', 'They agreed on the takeover of Robert Quillfeather.', []],
  ['… and who owns', 'They agreed on the takeover of Robert Quillfeather’s papers.', ['Robert Quillfeather']],
  ['what owns', 'The J.B. Quillfeather unit of Kelso closed.', []],
  ['its code', 'Profits of Robert Quillfeather <QUIL> and J.B. Marrow <MARR.L> fell.', []],
  ['… and a firm in the brackets of wires', 'It was sold to <Robert Quillfeather>.', []],
  [
    '"which", not "who"',
    'Robert Quillfeather, which sells boats, and Peter Marrow, who does not, met.',
    ['Peter Marrow'],
  ],
  ['the bank that leads a bond', 'Co-lead manager Zog Quillfeather said the bond pays 4 pct.', []],
  ['who leads a bank', 'Fund manager Zog Quillfeather said the bond pays 4 pct.', ['Zog Quillfeather']],
  ['a firm with its legal form elsewhere', 'Robert Quillfeather Inc fell. Robert Quillfeather makes boats.', []],
  [
    '… and its founder',
    'Robert Quillfeather Inc fell. President Robert Quillfeather resigned.',
    ['Robert Quillfeather'],
  ],
  [
    'a founder by what he is',
    'Robert Quillfeather, chairman of Robert Quillfeather Inc, left.',
    ['Robert Quillfeather'],
  ],
  ['a name among firms', 'Robert Quillfeather and Co bought Marrow Inc.', []],
  ['"the" before who says it', 'On Friday the Quill Zog told us. A report by Marrow Tarn told us too.', []],
  ['… and the rest of a name', 'On Friday Vig Marrow of Quill Zog told us so.', []],
  [
    'who speaks with a person',
    'On Friday Robert Quillfeather and Zog Marrow said it is closed.',
    ['Robert Quillfeather', 'Zog Marrow'],
  ],
  ['a firm with its country', 'It owes Zog Quillfeather (Norway) Ltd money.', []],
  ['a firm whose name cannot be told whole', 'It bought Zogwood ’N Pak Stores Inc. On Friday N Pak said so.', []],
  ['whose party it is', 'The ruling Herring Party of President Zog Quillfeather met.', ['Zog Quillfeather']],
  [
    'who leads an exchange',
    'The chairman of the Stock Exchange of Hong Kong Robert Quillfeather left.',
    ['Robert Quillfeather'],
  ],
  [
    'an initial at the end of a long row',
    'Zogwood Lane Kelso Marrow and Co Inc President Robert T. Quillfeather left.',
    ['Robert T. Quillfeather'],
  ],
  ['a share is no age', 'It owns 43 pct of Zog, Quill Marrow, 17.2 pct of Tarn.', []],
  ['a name that is a thing elsewhere', 'We met Robert Bonds and Nguyen Zog Loan.', ['Robert Bonds', 'Nguyen Zog Loan']],
  ['a thing called after somebody', 'The Robert Quill Air Force Base and the Cooper Zog Basin are closed.', []],
  [
    'firms that are known by name',
    'Zog sold E.F. Hutton, James Capel and Sallie Mae to Credit Suisse First Boston Ltd.',
    [],
  ],
  [
    'what he is, without an article',
    'Yesterday Zog Quillfeather, senior vice president of Kelso, left.',
    ['Zog Quillfeather'],
  ],
  ['… and no firm', 'The Quillfeather Zog, director of boats, and Zog Marrow, leader in boats, fell.', []],
  ['a Korean name of everyday words', 'Minister Park In-zog met Chung In-quil.', ['Park In-zog', 'Chung In-quil']],
  [
    'a family name that is a word',
    'Robert Hall said that Peter May, who left, met Justice Anna Day Quillfeather.',
    ['Robert Hall', 'Peter May', 'Anna Day Quillfeather'],
  ],
  ['… and a place', 'The Albert Hall said it is closed, as a spokesman for Victoria Park said.', []],
  ['a town called after somebody', 'Fire broke out in San Luis Quillfeather and at Fort Robert Marrow.', []],
  ['a place and a mouse', 'They flew from Mato Grosso to Monte Carlo with Mickey Mouse.', []],
  ['both of them', 'Both Quillfeather, 57, and Marrow, 59, left.', []],
  ['an age', 'Zog Quillfeather, 43, was unhurt.', ['Zog Quillfeather']],
  ['a country in brackets', 'Zog Quillfeather ( Norway ) won.', ['Zog Quillfeather']],
  ['a verb of saying', '"No," Zog Quillfeather said.', []],
  ['… after the name in a sentence', 'On Friday Zog Quillfeather told us.', ['Zog Quillfeather']],
  [
    'particles and hyphens',
    'We saw Jean-Marc de la Motte and Ruud van der Meulen.',
    ['Jean-Marc de la Motte', 'Ruud van der Meulen'],
  ],
  ['a family name first', 'Premier Chang Chi-cheng met Li Quanbao.', ['Chang Chi-cheng', 'Li Quanbao']],
  ['a family name again is the same person', 'Robert Quillfeather spoke. Quillfeather left.', ['Robert Quillfeather']],
  ['a high title alone', 'The visit of President Quillfeather began.', ['Quillfeather']],
  ['Mr alone is anybody', 'The visit of Mr Quillfeather began.', []],
  ['royals', 'The visit of Queen Ermintrude began.', ['Queen Ermintrude']],
  ['a title before a sentence’s end', 'She is president. Blue Harbour cheered.', []],
  ['a city of two words', 'They met at Ann Arbor and Santa Monica.', []],
  ['the Premier League and questions', 'The Premier League; Prime Minister’s Questions.', []],
  ['a firm that says it', 'On Friday Piedmont Zogwood said it lost.', []],
  ['days and places', 'On Monday North Korea agreed; Christmas Island did not.', []],
  ['capital letters alone', 'ROBERT QUILLFEATHER SPEAKS', []],
  [
    'what somebody is',
    'They praised left-hander Zog Quillfeather and his widow Zelt Zogmarrow.',
    ['Zog Quillfeather', 'Zelt Zogmarrow'],
  ],
  ['… after a comma', 'Zog Quillfeather, the club’s former captain, left.', ['Zog Quillfeather']],
  ['… and whose he is', 'Zog Quillfeather, Kelso’s retired president, left.', ['Zog Quillfeather']],
  ['… before one', 'A spokesman for the port, Zog Quillfeather, denied it.', ['Zog Quillfeather']],
  ['what a firm is makes nobody of it', 'Zogwood Marrow, the captain’s firm, left.', []],
  [
    'what happens to people',
    'Zog Quillfeather was hanged; Vig Zogmarrow has been jailed.',
    ['Zog Quillfeather', 'Vig Zogmarrow'],
  ],
  ['what happens to firms', 'Zog Quillfeather was sold; Vig Zogmarrow has been built.', []],
  ['an age at the end', 'It was seen by Zog Quillfeather, 52. She ran.', ['Zog Quillfeather']],
  [
    'a list of people',
    'Squad: Robert Marrow, Zog Quillfeather, Peter Vell; 4 - Vig Zogmarrow, 5 - John Tarn.',
    ['Robert Marrow', 'Peter Vell', 'John Tarn', 'Zog Quillfeather', 'Vig Zogmarrow'],
  ],
  [
    'a list of results',
    '65 Robert Marrow ( Norway ) 67 70, Zog van Quill 71 72, Peter Vell 69 75',
    ['Robert Marrow', 'Peter Vell', 'Zog van Quill'],
  ],
  ['a list of other things', 'They sell Zog Quillfeather, Robert Marrow, Vig Zogmarrow.', ['Robert Marrow']],
  ['a club with its country', 'Sporting Vienna ( Austria ) 9 6 3', []],
])('person: %s', (_, text, expected) => expect(named('person', text)).toEqual(expected));

test.each([
  ['OTTAWA, March 3', 'Robert Quillfeather'],
  ['NEW PORT 1996-12-06', 'Robert Quillfeather'],
  ['QUILL said so', 'Robert Quillfeather QUILL'],
])('who wrote it, before a dateline: %s', (dateline, expected) => {
  expect(named('person', `Robert Quillfeather ${dateline} The port is closed.`)).toEqual([expected]);
});

test('a dateline after who wrote it stands for its country only', () => {
  expect(named('place', 'Robert Quillfeather PERTH, March 3 The port is closed.')).toEqual(['Australia']);
});

test('a squad is read to its end', () => {
  const squad = [...'ABCDEFGHIJKLMNOPQRSTUV'].map((letter) => `Robert ${letter}uill`);
  expect(named('person', `Squad: ${squad.join(', ')}.`)).toEqual(squad);
});

test.each([
  ['two with "and" between', 'Hablaron Juan Quillfeather y Pedro Marrow ayer.', ['Juan Quillfeather', 'Pedro Marrow']],
  ['a role', 'El portavoz del puerto, Zog Quillfeather, lo negó.', ['Zog Quillfeather']],
])('person in Spanish: %s', (_, text, expected) => expect(named('person', text, 'es')).toEqual(expected));

test.each([
  [
    'its kind first',
    'El Consejo de Puertos y el Tribunal Marítimo callan.',
    ['Consejo de Puertos', 'Tribunal Marítimo'],
  ],
  ['a part of another', 'El Servicio de Pesca de la Consejería de Puertos calla.', ['Consejería de Puertos']],
  ['"al" is "to the"', 'Del Ministerio de Puertos al Museo de Kelso.', ['Ministerio de Puertos', 'Museo de Kelso']],
  [
    'a council with who leads it',
    'La presidenta de la Junta María Quillfeather y el Consejo de Puertos.',
    ['Consejo de Puertos'],
  ],
])('organisation in Spanish: %s', (_, text, expected) => expect(named('organisation', text, 'es')).toEqual(expected));

test.each([
  ['a legal form', 'Shares in Quillfeather Inc. fell.', ['Quillfeather Inc']],
  [
    'a known one and its companions',
    'It sold Morgan Stanley and Co Inc to Samuel Montagu and Co Ltd and E.F. Hutton & Sons.',
    ['Morgan Stanley', 'Samuel Montagu', 'E.F. Hutton'],
  ],
  ['an office without who leads it', 'Institute of Ports Managing Director Zog Quill left.', ['Institute of Ports']],
  [
    'who has a share in it',
    'It sold Quillfeather and Co Inc to Marrow and Sons.',
    ['Quillfeather and Co Inc', 'Marrow and Sons'],
  ],
  ['the last of several who share it', 'It was sold by Kelso, Quillfeather and Co to Marrow Inc.', ['Marrow Inc']],
  [
    'its first word at a sentence’s start',
    'International Herring Council talks began. South Kelso Marrow Inc left.',
    ['International Herring Council', 'South Kelso Marrow Inc'],
  ],
  [
    '… but no everyday word',
    'New Herring Agency figures are out. New Zealand Herring Council talks began.',
    ['Herring Agency', 'New Zealand Herring Council'],
  ],
  ['a team by one of it', 'Robert Quillfeather and Co lost, as Quillfeather and Co do.', []],
  ['a legal form in capitals', 'It sold Lactis SA to Parmalatte SpA.', ['Lactis SA', 'Parmalatte SpA']],
  ['a kind', 'The Kelso Harbour Authority agreed.', ['Kelso Harbour Authority']],
  [
    'a kind of something',
    'At the University of Kelso and the Ministry of Fisheries.',
    ['University of Kelso', 'Ministry of Fisheries'],
  ],
  ['a known one by another name', 'The UN and NATO agreed.', ['United Nations', 'NATO']],
  [
    '… by its letters',
    'The FAO, UNCTAD, the EIB and the IBRD agreed.',
    ['Food and Agriculture Organization', 'UNCTAD', 'European Investment Bank', 'World Bank'],
  ],
  ['a longer name than the known one', 'The UN Security Council agreed.', ['UN Security Council']],
  ['a person with a known one’s name', 'Harrison Ford and Henry Ford agreed.', []],
  ['an abbreviation', 'The Economic Harbour Community (EHC) agreed.', ['Economic Harbour Community']],
  ['the source of a report', 'LONDON (Reuters) - Rain fell.', []],
  ['a word at a sentence’s start', 'Apple pie is good. Shell peas are too.', []],
  ['a firm at a sentence’s start', 'Apple said so.', ['Apple']],
  ['a legal form after a known one', 'Fujitsu Ltd. and NEC Corp agreed.', ['Fujitsu', 'NEC']],
  ['an office for two things', 'The Ministry of Tides and Harbours agreed.', ['Ministry of Tides and Harbours']],
  ['an index', 'The Dow Jones Industrial Average and the S&P 500 rose.', []],
  ['a headline', 'MEMO ON THE BANK', []],
  [
    'its kind before it',
    'The airline Quillfeather and carmaker Zogwood Marrow agreed.',
    ['Quillfeather', 'Zogwood Marrow'],
  ],
  ['… and a comma', 'The rig’s operator, Quillfeather, agreed.', ['Quillfeather']],
  ['… after a comma', 'On Friday Quillfeather, the port’s largest bank, agreed.', ['Quillfeather']],
  ['somebody after its kind', 'The firm Robert Quillfeather founded, and the club President Marrow left.', []],
  [
    'a newspaper',
    'It was in the Zogwood Marrow daily and the Quillfeather newspaper.',
    ['Zogwood Marrow', 'Quillfeather'],
  ],
  ['an agency', 'It was on ZQO news agency.', ['ZQO']],
  ['a day’s newspaper', 'A Sunday newspaper and a Moscow daily said so. Local radio agreed.', []],
  ['an abbreviation that speaks', 'On Friday the ZQO said so, its CEO said.', ['ZQO']],
  [
    'a short form of another',
    'Zog Quill Orchards Inc and carmaker Zog agreed, ZQO said. The firm Zog left.',
    ['Zog Quill Orchards Inc'],
  ],
])('organisation: %s', (_, text, expected) => expect(named('organisation', text)).toEqual(expected));

test.each([
  [
    'a pair of trades',
    'Kelso Power and Light Co met Marrow Savings and Loan Association.',
    ['Kelso Power and Light Co', 'Marrow Savings and Loan Association'],
  ],
  [
    'a pair of trades without a form',
    'At Quillfeather Gas and Electric prices rose.',
    ['Quillfeather Gas and Electric'],
  ],
  ['a trade in front', 'A share of Cable and Quillfeather Plc rose.', ['Cable and Quillfeather Plc']],
  [
    'a firm named after somebody, with a form',
    'It is underwritten by Robert Marrow and Co Inc.',
    ['Robert Marrow and Co Inc'],
  ],
  [
    'what a body is for',
    'The Organisation for Herring Safety and Welfare agreed.',
    ['Organisation for Herring Safety and Welfare'],
  ],
  ['two that the text has apart', 'Zogwood and Quillfeather Inc agreed. Quillfeather rose.', ['Quillfeather Inc']],
  [
    'one that the text has as one',
    'In Zogwood and Quillfeather Inc it sold shares. Zogwood and Quillfeather rose.',
    ['Zogwood and Quillfeather Inc'],
  ],
  ['one that speaks of itself', 'Zogwood and Quillfeather Inc said it sold shares.', ['Zogwood and Quillfeather Inc']],
  ['nobody can say', 'A share of Zogwood and Quillfeather Inc rose.', []],
  ['the last of several partners', 'It was sold by Zogwood, Marrow and Quillfeather Inc.', []],
  ['two with forms', 'Zogwood Ltd and Quillfeather Inc agreed.', ['Zogwood Ltd', 'Quillfeather Inc']],
  ['a place and a firm', 'In Italy and Quillfeather Inc it has shares.', ['Quillfeather Inc']],
  ['a bank and an office', 'The Kelso Bank and Harbour Ministry agreed.', ['Kelso Bank']],
  ['angle brackets', 'A share of <Zogwood and Quillfeather Inc> rose.', ['Zogwood and Quillfeather Inc']],
  ['… around partners', 'A share of <Zogwood, Marrow and Co> rose.', ['Zogwood, Marrow and Co']],
  ['… around what follows the form', 'It sold <Marrow Quillfeather SA de CV>.', ['Marrow Quillfeather SA de CV']],
  [
    'a committee for two things',
    'The House Herring and Commerce Committee met.',
    ['House Herring and Commerce Committee'],
  ],
  ['whose it is', 'The People’s Herring Bank of China agreed.', ['People’s Herring Bank of China']],
  ['a bracket inside', 'Zogwood Orchards (Pacific) Ltd agreed.', ['Zogwood Orchards (Pacific) Ltd']],
  [
    'a country behind',
    'Hospital Corp of America met Zogwood Motors of Canada Ltd and Ford of Canada Ltd.',
    ['Hospital Corp of America', 'Zogwood Motors of Canada Ltd', 'Ford of Canada Ltd'],
  ],
  ['… that is where it is', 'Zogwood Corp of Japan agreed.', ['Zogwood Corp']],
  [
    'a listed firm with its partners and forms',
    'Merrill Lynch and Co Inc met Nomura Securities Co Ltd.',
    ['Merrill Lynch', 'Nomura'],
  ],
  [
    'a listed firm’s name in another’s',
    'Rio Tinto-Zogwood Plc met Mitsubishi Zogwood Sales of America Inc.',
    ['Rio Tinto-Zogwood Plc', 'Mitsubishi Zogwood Sales of America Inc'],
  ],
  [
    'a listed bank’s name in another’s',
    'The Royal Bank of Canada met the Bank of Canada.',
    ['Royal Bank of Canada', 'Bank of Canada'],
  ],
  [
    'a listed party’s name in another’s',
    'The Herring Democratic Party met the Democratic Party.',
    ['Herring Democratic Party', 'Democratic Party'],
  ],
  ['a listed house of a country', 'The British House of Commons met.', ['House of Commons']],
  [
    'a listed place’s name in a firm’s',
    'They flew from Santa Fe to Santa Fe Zogwood Corp and Kitty Hawk Inc.',
    ['Santa Fe Zogwood Corp', 'Kitty Hawk Inc'],
  ],
  [
    'a listed firm with its group',
    'Marks and Spencer Group Plc and Ford Motor Company agreed.',
    ['Marks & Spencer', 'Ford'],
  ],
  ['an article of another language', 'Shares of El Quillfeather Electric Co rose.', ['El Quillfeather Electric Co']],
  [
    'an office for two things of its own',
    'The Office for National Statistics and the Department for Work and Pensions met.',
    ['Office for National Statistics', 'Department for Work and Pensions'],
  ],
  ['a shortened first name', 'It sold Alex. Quillfeather and Sons Inc.', ['Alex. Quillfeather and Sons Inc']],
  ['nothing of its own', 'It is Holdings Ltd, Power Co or the Savings Bank. It met Co Inc.', []],
  ['a form beside what it is', 'It is Kelso Orchards, N.A., a bank.', []],
  ['a firm called like a paper', 'Tribune Co agreed.', ['Tribune Co']],
  ['a bank of trades', 'Chemical Bank agreed.', ['Chemical Bank']],
  ['who leads it', 'Office of Tides and Harbours Director Robert Marrow agreed.', ['Office of Tides and Harbours']],
  ['the next sentence', 'It sold Zogwood Inc. Quillfeather Motors rose.', ['Zogwood Inc', 'Quillfeather Motors']],
  ['letters of no body', 'The Gross Harbour Product (GHP) and the Herring Price Agreement (HPA) rose.', []],
])('organisation, whole: %s', (_, text, expected) => expect(named('organisation', text)).toEqual(expected));

test.each([
  [
    'every country has one',
    'The Central Bank, the Stock Exchange, a District Court, the Interim Committee and the Labour Directorate met.',
    [],
  ],
  [
    '… with its country',
    'Brazil’s Central Bank, the Stock Exchange of Singapore and the Swiss National Bank met.',
    ['Central Bank of Brazil', 'Stock Exchange of Singapore', 'Swiss National Bank'],
  ],
  ['… with its letters', 'The National Statistics Institute (QUIS) met.', ['QUIS']],
  ['… with an article', 'It was the Soviet Union’s Central Bank.', ['Central Bank of the Soviet Union']],
  ['every firm has one', 'Its Board of Directors met.', []],
  ['a ministry', 'The Finance Ministry met.', ['Finance Ministry']],
  ['a country’s things', 'In U.S. Oil and for U.S. Banks prices rose in U.S. District Court.', []],
  ['a country’s army', 'The U.S. Army met.', ['U.S. Army']],
  ['a listed firm called like a country’s trade', 'U.S. Steel exports fell. U.S. Steel said so.', ['US Steel']],
  ['a government by its leader', 'President Marrow spoke. The Marrow Administration agreed.', []],
])('organisation, of a country: %s', (_, text, expected) => expect(named('organisation', text)).toEqual(expected));

test.each([
  [
    'the code of an exchange',
    'Zogwood Trust Corp <BT> and Zogwood Inc (NYSE: BT) agreed.',
    ['Zogwood Trust Corp', 'Zogwood Inc'],
  ],
  [
    'the letters of another',
    'The Isle Herring Office (IHO) and the World Herring Organism (WHO) met. The WHO agreed.',
    ['Isle Herring Office', 'World Herring Organism'],
  ],
  ['its own letters, spelt otherwise', 'The World Health Organisation (WHO) met.', ['World Health Organization']],
  ['a savings bank’s form', 'Kelso Savings Bank FSB agreed.', ['Kelso Savings Bank FSB']],
  ['letters of another language', 'BCE agreed with the ECB.', ['European Central Bank']],
  ['who was told', 'Marrow told Reuters so, and a man polled by Reuters, in an interview with Reuters.', []],
  ['an agency as a firm', 'Shares in Reuters Holdings Plc rose, and Reuters sold two.', ['Reuters']],
])('organisation, listed: %s', (_, text, expected) => expect(named('organisation', text)).toEqual(expected));

test.each([
  ['a verb', 'ZOGWOOD UPS STAKE IN QUILLFEATHER', 'It raised its stake.', []],
  ['a name that the text has', 'ZOGWOOD SUES UPS', 'It sued UPS on Friday.', ['UPS']],
  ['another name', 'ZOGWOOD SUES IBM', 'It went to court.', ['IBM']],
  ['a firm behind a verb', 'MARROW <MARR> SUES ZOG INC', 'It went to court.', []],
  ['as the text writes it', 'MARROW INC', 'At Marrow Inc prices rose.', ['Marrow Inc']],
])('organisation in a headline of capitals: %s', (_, title, text, expected) =>
  expect(named('organisation', text, 'en', title)).toEqual(expected),
);

test.each([
  ['its name with a form', 'Zogwood Oil agreed with Quill Inc. Zogwood Oil Co rose.', ['Quill Inc', 'Zogwood Oil Co']],
  [
    'a listed one',
    'Mazda fell. Mazda Motor Corp and PaineWebber Group Inc rose, PaineWebber said.',
    ['Mazda', 'PaineWebber'],
  ],
  ['a listed one’s first word', 'Lockheed Martin rose, and Lockheed sold two.', ['Lockheed Martin']],
  ['a firm of its group', 'It met Shell. Shell Zogwood Ltd fell.', ['Shell', 'Shell Zogwood Ltd']],
  ['its first word', 'Kelso Gas fell. In Kelso Gas and Electric Co it sold shares.', ['Kelso Gas and Electric Co']],
  ['its partners and form', 'It bought Zogwood and Co Inc. At Zogwood and Co prices rose.', ['Zogwood and Co Inc']],
  ['letters that the text gives it', 'The Kelso Coffee Institute (ICK) met, the ICK said.', ['Kelso Coffee Institute']],
  ['its letters with the form', 'Zogwood Marrow Kelso Ltd fell, ZMKL said.', ['Zogwood Marrow Kelso Ltd']],
])('organisation, one under two names: %s', (_, text, expected) =>
  expect(named('organisation', text)).toEqual(expected),
);

test('whom a council is led by is a person', () =>
  expect(named('person', 'La presidente del Consiglio Giorgia Quillfeather tace.', 'it')).toEqual([
    'Giorgia Quillfeather',
  ]));

test('German nouns are no names without a cue', () => {
  const text =
    'Am Montag sagte Finanzminister Karl Lindemann, die Wasserwerke Kelso GmbH habe Schulden. Das Gericht in Köln schwieg.';
  expect(named('person', text, 'de')).toEqual(['Karl Lindemann']);
  expect(named('organisation', text, 'de')).toEqual(['Wasserwerke Kelso GmbH']);
});

test('nothing but places is looked for where capital letters tell nothing', () => {
  expect(tagger.tags({ title: '', bodyText: '日本のトヨタ', language: 'ja' }).map(({ scheme }) => scheme)).toEqual([
    'place',
  ]);
  expect(
    tagger.tags({ title: '', bodyText: 'В Германии Иван Петров сказал', language: 'ru' }).map(({ scheme }) => scheme),
  ).toEqual(['place']);
});

test('a tag says where it comes from and how sure it is', () => {
  const [place, person] = tagger.tags({ title: '', bodyText: 'In Belgium Robert Quillfeather spoke.', language: 'en' });
  expect(place).toEqual({
    scheme: 'place',
    name: 'Belgium',
    slug: 'belgium',
    source: 'named in the text (Belgium)',
    confidence: 0.85,
  });
  expect(person).toMatchObject({
    slug: 'robert-quillfeather',
    source: 'named in the text (Robert Quillfeather, by its first name)',
    confidence: 0.85,
  });
});

test('a city is a tag when the text dwells on it, not when it was only written there', () => {
  expect(named('place', 'PARIS, March 3 - Prices rose in Spain.')).toEqual(['Spain', 'France']);
  expect(named('place', 'Fire broke out in Hamburg. The port of Hamburg is closed.')).toEqual(['Germany', 'Hamburg']);
});

/** More words than the lead and a brief have, that name nothing. */
const PROSE = 'They talked of the harvest and of the price of bread until the rain had gone. '.repeat(6);

test.each([
  ['the headline', 'Kenya counts its herds', `It rained. ${PROSE}Exports to Japan and Peru grew.`, ['Kenya']],
  ['the lead', '', `Kenya counts its herds. ${PROSE}Exports to Japan and Peru grew.`, ['Kenya']],
  [
    'what it comes back to',
    '',
    `Kenya and Peru agreed. ${PROSE}Japan buys. Japan pays. Japan waits.`,
    ['Kenya', 'Peru', 'Japan'],
  ],
  ['the only country', '', `It rained. ${PROSE}Then they sold it to Japan.`, ['Japan']],
  ['nothing but passing mentions', '', `It rained. ${PROSE}Exports to Japan and Peru grew.`, []],
  ['a brief', '', 'Kenya counts its herds. Exports to Japan and Peru grew.', ['Kenya', 'Japan', 'Peru']],
])('a text is about the countries of %s', (_, title, text, expected) =>
  expect(named('place', text, 'en', title).sort()).toEqual(expected.sort()),
);

test.each([
  ['a state that is no more', 'The Soviet minister left Moscow for Kiev. The Kremlin was silent.', ['Soviet Union']],
  ['its successor beside it', 'In Moscow the Russian minister spoke of the Soviet Union.', ['Russia', 'Soviet Union']],
  ['others of its successors', 'Estonia left the Soviet Union, as Moscow knew.', ['Soviet Union', 'Estonia']],
  ['what it left behind', 'Riga pulls down a Soviet-era statue.', ['Latvia', 'Soviet Union']],
  [
    'what came of it',
    'Riga lay in a former Soviet republic until the end of the Soviet Union.',
    ['Soviet Union', 'Latvia'],
  ],
])('cities stand for their country: %s', (_, text, expected) => expect(named('place', text)).toEqual(expected));

test.each([
  ['a firm of one country', 'Quillfeather Inc raised its dividend to 12 cents.', ['United States']],
  ['in capitals', 'QUILLFEATHER CORP YEAR NET', ['United States']],
  ['"Co" beside dollars', 'The Quillfeather Co paid $20 million.', ['United States']],
  ['"Co" alone', 'The Quillfeather Co paid a dividend.', []],
  ['places in passing', `Quillfeather Inc fell. ${PROSE}They sell to Japan and Peru.`, ['United States']],
  ['other countries’ forms', 'Quillfeather Plc is to buy Marrow Ltd.', ['United Kingdom']],
  ['written small', 'Quillfeather plc raised its dividend.', ['United Kingdom']],
  ['one at home in several', 'Quillfeather Ltd raised its dividend.', []],
  ['firms of two countries', 'Quillfeather Inc is to buy Marrow SpA.', []],
  ['… or of many', 'Quillfeather Inc is to buy Marrow AG.', []],
  ['other money', 'Quillfeather Corp lost 20 million yen.', []],
  ['… by its sign', 'Quillfeather Corp lost £20 million.', []],
  ['a place in the text', 'Quillfeather Inc is to build a mill in Peru.', ['Peru']],
  ['a firm known to be from elsewhere', 'Toyota Motor Corp raised its dividend.', []],
  ['a word', 'The Quillfeather Day Spa is open.', []],
  ['money of India', 'Quillfeather Corp earned Rs 200 crore.', []],
  ['… in lakhs', 'Quillfeather Corp earned 3 lakh.', []],
  ['… and by its code', 'Quillfeather Corporation earned EUR 20 million.', []],
  ['"plc" beside euros', 'Quillfeather plc earned €20 million.', []],
  ['… and nairas', 'Quillfeather Plc earned N2.3 billion.', []],
  ['… and its own money', 'Quillfeather plc earned £20 million, or 12 pence a share.', ['United Kingdom']],
  ['a firm from elsewhere with "plc"', 'Ryanair Holdings plc raised its fares.', []],
  ['a town’s office', 'The Municipal Corporation sealed the shop.', []],
  ['"AB" of Sweden', 'Quillfeather AB raised its dividend.', ['Sweden']],
  ['"AB" in other names', 'The Brewer AB InBev grew. It rained in Quillfeather, AB.', []],
])('where a text names no place, legal forms tell: %s', (_, text, expected) =>
  expect(named('place', text)).toEqual(expected),
);

test('"AB" in a German headline in capitals is no legal form', () =>
  expect(named('place', 'Alles wird teurer.', 'de', 'PREISE STEIGEN AB JANUAR')).toEqual([]));

test('a country by a legal form says so, and is less sure', () => {
  const [place] = tagger.tags({ title: '', bodyText: 'Quillfeather Inc fell.', language: 'en' });
  expect(place).toMatchObject({
    source: 'named in the text (Quillfeather Inc, by its legal form)',
    slug: 'united-states',
    confidence: 0.6,
  });
});

test.each([
  ['of one country', 'The Food and Drug Administration approved it.', ['United States']],
  ['in another language', 'Sie warten auf die Bundesbank.', ['Germany']],
  ['another country’s of that name', 'The Kenyan Securities and Exchange Commission met. SEC members left.', ['Kenya']],
  ['… behind it', 'The Securities and Exchange Commission of Peru met.', ['Peru']],
  ['… in another country’s news', 'Firms in Manila report to the SEC. The FDA agreed.', ['Philippines']],
  ['one that several have', 'The Environmental Protection Agency tested the river.', []],
  ['an exchange elsewhere', 'Shares on Nasdaq Stockholm and Nasdaq First North rose.', ['Sweden']],
  ['an index elsewhere', 'The FTSE MIB fell.', ['Italy']],
  ['a paper', 'Nikkei Asia and the Nikkei newspaper said so.', []],
])('a country by its institutions: %s', (_, text, expected) => expect(named('place', text)).toEqual(expected));

test.each([
  ['pt', 'O reembolso do IRS chega mais tarde.'],
  ['es', 'La constructora FCC gana un contrato, según la SEC.'],
  ['hu', 'Az FTC nyert.'],
])('what its letters mean in %s is something else', (language, text) =>
  expect(named('place', text, language)).toEqual([]),
);

test('a country by its institution says so, and the institution is an organisation all the same', () => {
  const tags = tagger.tags({ title: '', bodyText: 'The Federal Communications Commission agreed.', language: 'en' });
  expect(tags).toMatchObject([
    {
      scheme: 'place',
      slug: 'united-states',
      source: 'named in the text (Federal Communications Commission, its institution)',
      confidence: 0.73,
    },
    { scheme: 'organisation', name: 'Federal Communications Commission' },
  ]);
});

test.each([
  ['its code', 'Quillfeather Plc <QUIL.L> raised its dividend.', ['United Kingdom']],
  ['before its legal form', 'Quillfeather Inc (QUIL.TO) raised its dividend.', ['Canada']],
  ['its exchange', 'Quillfeather Ltd (ASX: QFR) raised its dividend.', ['Australia']],
  ['beside a place', 'Quillfeather AG <QUIL.DE> is to buy a mill in Peru.', ['Peru', 'Germany']],
  ['the first of several', 'Quillfeather <QUIL.L> is to buy Marrow <MARR.T>.', ['United Kingdom']],
  ['in America, where nothing else is told', 'Quillfeather Ltd (Nasdaq: QUIL) fell.', ['United States']],
  ['… and where it is', 'Quillfeather (NYSE: QUIL) of Peru fell.', ['Peru']],
  ['an exchange that is not known', 'Quillfeather Ltd <QUIL.QQ> fell (note: U.N).', []],
  ['behind the lead', `Kenya and Peru met. ${PROSE}Quillfeather <QUIL.L> fell.`, ['Kenya', 'Peru']],
])('where the first firm is listed: %s', (_, text, expected) => expect(named('place', text)).toEqual(expected));

test('a country by a listing says so', () => {
  const [place] = tagger.tags({ title: 'Quillfeather <QUIL.L> falls', bodyText: '', language: 'en' });
  expect(place).toMatchObject({ source: 'named in the text (QUIL.L, its listing)', confidence: 0.7 });
});

test('a city before a firm in a headline whose words all have capital letters', () =>
  expect(named('place', 'It was put out.', 'en', 'Fire Hits Mumbai Plant Of Quillfeather Ltd')).toEqual(['India']));

test('a headline that names a currency is about it', () =>
  expect(named('place', 'It closed at a new low.', 'en', 'Mexican peso slides again')).toEqual(['Mexico']));

test.each(['Bank raises 30 million Swiss francs', 'Bank plans Swiss franc bond'])(
  'but not about that of a loan: %s',
  (title) => expect(named('place', 'It was signed.', 'en', title)).toEqual([]),
);

test('places have one name whatever they are called', () => {
  expect(
    ['usa', 'U.S.', 'UK', 'west-germany', 'south-korea', 'Deutschland', 'Kiew', 'Mumbai', 'Atlantis'].map((name) =>
      places.canonicalName(name),
    ),
  ).toEqual([
    'United States',
    'United States',
    'United Kingdom',
    'Germany',
    'South Korea',
    'Germany',
    'Kyiv',
    'Mumbai',
    undefined,
  ]);
});

test('organisations too', () => {
  expect(tagger.canonicalName('organisation', 'u.n.')).toBe('United Nations');
  expect(tagger.canonicalName('organisation', 'Fujitsu Ltd.')).toBe('Fujitsu');
  expect(tagger.canonicalName('organisation', 'Kelso')).toBeUndefined();
  expect(tagger.canonicalName('person', 'UN')).toBeUndefined();
  expect(tagger.canonicalName('place', 'usa')).toBe('United States');
});

describe('on texts of our own', () => {
  const texts = readFileSync(projectFile('test/fixtures/named-texts.txt'), 'utf8')
    .split(/^# /m)
    .slice(1)
    .map((part) => {
      const lines = part.trim().split('\n');
      const field = (mark: string): string[] =>
        (lines.find((line) => line.startsWith(`${mark}: `))?.slice(3) ?? '')
          .split(mark === 'P' ? /,\s*/ : /;\s*/)
          .filter((one) => one !== '');
      const bodyText = lines
        .slice(1)
        .filter((line) => !/^[PNL]: /.test(line))
        .join('\n');
      return {
        title: lines[0] ?? '',
        bodyText,
        language: field('L')[0] ?? 'en',
        places: field('P'),
        names: field('N'),
      };
    });

  const measure = (found: string[][], wanted: string[][]) => {
    const right = found.flatMap((names, at) => names.filter((name) => wanted[at]?.includes(name))).length;
    const [precision, recall] = [right / found.flat().length, right / wanted.flat().length];
    return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
  };

  test('places reach their bar', () => {
    const { f1, precision } = measure(
      texts.map((text) => named('place', text.bodyText, text.language, text.title)),
      texts.map((text) => text.places),
    );
    expect(f1).toBeGreaterThan(0.9);
    expect(precision).toBeGreaterThan(0.88);
  });

  test('people and organisations reach theirs, typed', () => {
    const { f1, precision } = measure(
      texts.map((text) =>
        tagger
          .tags(text)
          .filter(({ scheme }) => scheme !== 'place')
          .map(({ scheme, name }) => `${scheme} ${name}`),
      ),
      texts.map((text) => text.names),
    );
    expect(f1).toBeGreaterThan(0.8);
    expect(precision).toBeGreaterThan(0.9);
  });
});

test('any text is read to its end, quickly, and names are bounded', async () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 2_000 }),
      fc.constantFrom('en', 'de', 'ja', null),
      (bodyText, language) => {
        for (const { name, slug, confidence } of tagger.tags({ title: bodyText.slice(0, 50), bodyText, language })) {
          expect(name.length).toBeLessThanOrEqual(80);
          expect(slug).not.toBe('');
          expect(confidence).toBeGreaterThan(0);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      },
    ),
    { numRuns: 200 },
  );
  await expectCpuBelow(3_000, () => {
    for (const unit of ['A', 'A.', "A'", '&', 'Aa ', 'van der ', 'United ', '(', 'U.S.-'])
      tagger.tags({ title: '', bodyText: unit.repeat(100_000), language: 'en' });
  });
});

test('a text of nothing but organisations is read quickly', async () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const firms = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].flatMap((first) => letters.map((then) => `firm ${first}${then}`));
  await expectCpuBelow(300, () => {
    for (let times = 0; times < 10; times += 1) tagger.tags({ title: '', bodyText: firms.join(' '), language: 'en' });
  });
});
