/** Languages that n-grams confuse, told apart by the words, endings and letters that only one of them has. */

/** Words; endings, where they begin with `*`; beginnings, where they end with it. */
function anyOf(words: string, others = ''): RegExp {
  const alternatives = words
    .split(' ')
    .map((word) => word.replace(/^\*/, '[\\p{L}\\p{M}]{2,}').replace(/\*$/, '\\p{L}*'));
  return new RegExp(`(?<![\\p{L}\\p{M}])(?:${alternatives.join('|')})(?![\\p{L}\\p{M}])${others}`, 'giu');
}

/** What speaks for each language of a pair. */
const PAIRS: Record<string, RegExp>[] = [
  {
    da: anyOf(
      'af efter siger sagde uge nu mig dig mere nogen noget hvad blevet ud op mod bliver hedder syge? penge været havde mellem uden inden blandt kvinder mænd gøre?r? giver tager procent regeringen seneste bedste næste højere? veje? nej købe? hjælp *tion(?:en|er|erne)? *hed(?:en|er|erne)? *ede',
      '|[øe]j(?=\\P{L}|[eln])|æ[gln]d',
    ),
    // A double consonant before another one, or at the end, is never Danish.
    no: anyOf(
      'av etter sier sa uke nå meg deg mer noen noe hva blir heter syke? penger vært hadde mellom uten innen kvinner menn gjøre?r? gir tar prosent regjeringen siste beste neste høye?r? veie? nei kjøpe? hjelp ble ut mot ikkje eg ein eit dei frå vart kva meir *sjon(?:en|er|ene)? *het(?:en|er|ene)?',
      '|([fklmnprt])\\1(?![aeiouyæøå]|\\1)',
    ),
  },
  {
    hi: anyOf('है हैं में का की के और से को ने नहीं यह इस था थी थे गया गई किया भी लिए अपने होने *ों *ें', '|़'),
    mr: anyOf(
      'आहे आहेत आणि व नाही होते होता होती ते हा केली केले केला झाली झाले झाला यांनी त्या पण असे असून किंवा तसेच *च्या *ांनी *ांना *साठी *मध्ये *ण्यात *ातील *ण्या(?:चा|ची|चे|स) *ा(?:चा|ची|चे|ला) *ांचे *ल्या *ावर *णे',
      '|ळ',
    ),
  },
  {
    id: anyOf(
      'bahwa karena bisa uang polisi perusahaan saja senin kamis jumat maret juni juli agustus desember berbeda inggris kantor kota mobil rp persen korban tewas tim pertandingan warga ujar tapi pemerintah yaitu proyek informasi *itas',
    ),
    ms: anyOf(
      'bahawa kerana ialah wang polis syarikat sahaja isnin khamis jumaat mac julai ogos disember berbeza inggeris pejabat bandar hospital sesiapa hendaklah ringgit rm peratus mangsa maut pasukan kerajaan datuk semasa manakala berkata encik parlimen maklumat projek sukan iaitu *iti',
    ),
  },
  {
    hr: anyOf(
      'gdje prije poslije uvijek riječi? svijeta?u? vrijeme dio dijela tjedana? tisuć[ae] milijuna? zrak vlak priopći(?:o|la) priopćenju tko netko nitko svatko općin[ae] opć[ei] siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca također htio povijesti? sustava? ured dvije obje sveučilište kazalište europ[\\p{L}]{1,4} [\\p{L}]*(?:[mvpdst]je|ije[ckldmsvčž]|rje)[\\p{L}]*',
    ),
    sr: anyOf(
      'gde negde pre posle uvek ovde reči? svet[au]? svetsk[aeiou] vreme deo ceo cel[aeiou] mest[aou] čove[kč]* nedelj* predsedni[kcč]* sedni[cč]* bezbedn* obezbe* opšt* hiljad* milion* evrop* vazduh saopšt* neko niko šta mleko lep[aeio] dete dec[aeu] devoj* rek[ae] zahtev* primer[aiu]? primen* uspe[hšo]* umesto zamen* reše[nv]* promen* cen[aeu] januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra takođe hteo videti izvešt* savet[au]? mer[ae] poveren* vesti? dve obe istorij* sistem* najpre izmen* prover* vredn* sledeć* poslednj* posledi[cč]* pobed* povred* mesec* zvanič* verovatn* deluj* tel[oau] pesm* smer* lev[aeio] bel[aeio] biće imaće (?:mogu|može(?:te|mo)?|mora(?:te|mo|ju)?|žele?|će)\\sda',
    ),
  },
];

const PAIR_OF = new Map(PAIRS.flatMap((pair) => Object.keys(pair).map((language) => [language, pair])));

const twice = (mark: string): RegExp => new RegExp(`(?:${mark}).*(?:${mark})`, 'isu');

/** Letters of languages that have no n-grams, or that are not in this script. */
const OWN_LETTERS: [string, RegExp][] = [
  ['si', twice('\\p{Script=Sinhala}')],
  ['my', twice('\\p{Script=Myanmar}')],
  ['km', twice('\\p{Script=Khmer}')],
  ['dv', twice('\\p{Script=Thaana}')],
  ['mk', twice('[ѓќѕ]|(?<!\\p{L})(?:во|со|дека|тоа|оваа|секој|според)(?=\\P{L}.*[јљњѓќѕ])')],
  ['kk', /ұ|[әғқң].*і|і.*[әғқң]/isu],
  ['tg', /[ӣӯҷ]/iu],
  ['ps', /[ښګۍځڅډ]/u],
];

/** From Cyrillic letters to Khmer ones: what most texts have none of is asked first. */
const OTHER_SCRIPTS = /[\u0400-\u17ff]/u;

/** A language that no n-gram speaks for, by letters that only it writes. */
export function languageOfLetters(text: string): string | undefined {
  return OTHER_SCRIPTS.test(text) ? OWN_LETTERS.find(([, letters]) => letters.test(text))?.[0] : undefined;
}

/** The language itself, or the one that it is confused with where the text has more that only that one has. */
export function toldApart(language: string, text: string): string {
  if (language === 'uk' && /[ыэёъ]/i.test(text)) return 'ru';
  if (language === 'ru' && /[іїєґ]/i.test(text) && !/[ыэёъ]/i.test(text)) return 'uk';
  const pair = PAIR_OF.get(language);
  if (pair === undefined) return language;
  let told = language;
  let most = count(pair[language], text);
  for (const [other, marks] of Object.entries(pair)) {
    const found = count(marks, text);
    if (found > most) [told, most] = [other, found];
  }
  return told;
}

function count(marks: RegExp | undefined, text: string): number {
  return marks === undefined ? 0 : (text.match(marks)?.length ?? 0);
}
