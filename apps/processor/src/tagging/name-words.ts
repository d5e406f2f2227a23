/** Words that tell people from organisations, and both from words that merely begin with a capital letter. */

const set = (words: string): ReadonlySet<string> => new Set(words.split(/[\s,]+/).filter((word) => word !== ''));

/** Before a name they make a person of it. */
export const TITLES = set(
  `mr mrs ms miss dr sir dame lord lady president minister premier chancellor senator sen rep congressman congresswoman gov governor judge justice chairman chairwoman
  chief executive ceo secretary general gen col colonel capt captain lt lieutenant sgt sergeant maj major admiral adm professor prof coach trainer manager striker midfielder defender goalkeeper winger captain
  actor actress singer author writer director producer filmmaker novelist painter analyst economist spokesman spokeswoman spokesperson leader mayor ambassador envoy commissioner lawyer attorney detective inspector
  bishop archbishop cardinal father rabbi imam sheikh ayatollah mullah sultan emir superintendent constable deputy mp mep chairperson founder dictator lawmaker activist dissident champion teammate representative prosecutor compatriot veteran
  officer administrator accountant treasurer controller comptroller undersecretary adviser advisor brigadier
  herr frau bundeskanzler bundeskanzlerin kanzler präsident präsidentin ministerpräsident außenminister finanzminister innenminister trainer sprecher
  mme monsieur madame président présidente ministre señor señora presidente presidenta ministro ministra primer signor signora onorevole premierminister statsminister minister-president premiér pan pani senhor senhora`,
);

/** In small letters before a name they say as much as a title; with a capital letter they may be a name themselves. */
export const ROLES = set(
  `wife husband widow widower son daughter brother sister mother father uncle aunt nephew niece cousin grandson granddaughter grandfather grandmother girlfriend boyfriend fiancee friend colleague
  opener batsman bowler paceman wicketkeeper keeper forward winger fullback quarterback pitcher catcher linebacker flanker hooker skipper debutant substitute referee umpire hander rounder mate
  sprinter hurdler swimmer cyclist rider jockey golfer boxer skier seed rower wrestler gymnast player footballer
  businessman businesswoman entrepreneur tycoon financier banker strategist lobbyist journalist reporter correspondent editor columnist commentator poet playwright composer conductor pianist guitarist drummer musician rapper
  comedian photographer designer architect engineer scientist biologist physicist chemist historian philosopher psychologist doctor surgeon nurse priest monk nun pastor preacher cleric teacher student farmer fisherman
  soldier policeman policewoman officer sailor pilot astronaut cosmonaut driver clerk vendor shopkeeper resident neighbour neighbor witness suspect victim gunman killer murderer prisoner defendant bomber warlord
  peacemaker negotiator mediator politician statesman candidate councillor legislator
  portavoz alcalde diputado diputada senador senadora entrenador delantero portero defensa centrocampista empresario periodista escritor escritora cantante maire député députée sénateur sénatrice écrivain entraîneur attaquant gardien
  allenatore sindaco attaccante portiere burgemeester trainer spits treinador deputado`,
);

/** Titles of which firms, clubs and states have as many. */
const ALSO_FIRMS = set('leader producer founder author champion writer manager representative general major');

/** After a comma or before one they say what somebody is: "the captain, Zog Quillfeather, …". */
export const APPOSED_ROLES: ReadonlySet<string> = new Set(
  [...TITLES, ...ROLES, 'official', 'man', 'woman', 'boy', 'girl', 'teenager'].filter((word) => !ALSO_FIRMS.has(word)),
);

/** After "was" or "has been" they show that somebody is meant. */
export const BEFALLS_PEOPLE = set(
  'arrested jailed imprisoned hanged executed beheaded shot stabbed strangled murdered assassinated kidnapped hospitalised hospitalized born buried cremated widowed married divorced knighted sworn extradited deported remanded educated',
);

/** Titles that belong to the name, or say nothing of it alone. */
export const ROYAL_TITLES = set(
  'king queen prince princess pope duke duchess papst papa roi reine rey reina re regina koning koningin kung drottning dronning',
);

/** Titles that make a tag of a family name alone ("President Clinton"); "Mr Smith" could be anybody. */
export const HIGH_TITLES = set(
  'president chancellor premier minister senator governor king queen prince princess pope secretary ambassador bundeskanzler kanzler präsident président presidente judge justice',
);

/** After a name they make a person of it: verbs of saying and a few more that only people do. */
export const SAYING = set(
  `said says told added tells replied insisted admitted claimed argued explained recalled joked scored died smiled married resigned sagte erklärte betonte meinte dit affirme déclaré assuré dijo afirmó aseguró señaló ha detto spiega zei zegt säger sade sagde sa disse afirmou`,
);

/** The last word of organisations' names. */
export const ORG_LAST = set(
  `inc corp corporation co company cos ltd limited plc llc lp llp gmbh ag se sa spa nv bv ab asa oy oyj kg kgaa ohg ev sarl sas srl pty holdings holding group bank banks bancorp bancshares bankshares savings university college institute institution
  ministry department agency council commission committee association federation union party court hospital church club fc afc cf airlines airways motors industries partners associates brothers bros sons foundation trust society
  army parliament senate authority bureau corps press times post journal tribune herald telegraph gazette chronicle news television radio network studios pictures entertainment technologies technology systems software labs laboratories
  pharmaceuticals pharma energy petroleum oil gas steel electric electronics insurance assurance financial securities exchange stores enterprises international communications telecom telecommunications resources mines mining metals chemicals foods
  products services properties realty investments capital management brewery breweries police organisation organization confederation alliance coalition front movement brigade brigades academy school museum orchestra 
  board fund office service administration congress assembly rovers wanderers united albion hotspur
  research advisors advisers analytics consulting ventures logistics shipping lines railways railway railroad solutions interactive partnership trusts
  books publishing publications magazine daily tribunal directorate laboratory productions broadcasting telephone telecommunication landesbank girozentrale kantonalbank
  partei verband ministerium gericht universität bundesamt stiftung université ministère parti assemblée universidad ministerio partido universidade ministério università ministero partito banca banco banque aviation aerospace automotive chemical computer computers cable semiconductor semiconductors instruments healthcare biotech sciences hotels restaurants supermarkets aluminium aluminum`,
);

/** Legal forms: nothing but organisations has them. */
export const LEGAL_FORMS = set(
  'inc corp corporation co ltd plc llc gmbh ag spa nv bv asa oyj kgaa holdings bancorp bancshares sarl',
);

/** Legal forms that are words when written small: they count in capitals. */
export const LEGAL_CAPITALS = set('SA SE AB SpA NV BV AG AS OY KG SAS SL PT FSB SSB');

/** Letters of listed organisations that are everyday words in a headline in capitals. */
export const ALSO_WORDS = set('ups who sap total canon');

/** After a doubtful name at a sentence's start ("Apple has") they show that a firm is meant. */
export const FIRM_VERBS = set(
  'has said says shares is will was unveils unveiled plans announced reported posted sells sold buys bought agreed launched launches faces wants cut cuts raised stock executives',
);

/** In small letters before a name they say that it is an organisation's. */
export const FIRM_NOUNS = set(
  `company firm carmaker automaker airline retailer insurer publisher brewer brewery drugmaker chipmaker steelmaker shipbuilder planemaker conglomerate bank lender brokerage club newspaper daily weekly magazine broadcaster agency
  subsidiary affiliate consultancy group operator chain band charity startup
  compañía empresa sociedad diario periódico banco aerolínea grupo société entreprise groupe quotidien banque compagnie società azienda gruppo banca quotidiano bedrijf krant empresa jornal grupo`,
);

/** After a name they say that it is a newspaper's, a station's or an agency's. */
export const MEDIA_NOUNS = set('newspaper daily weekly magazine radio television broadcaster');

/** In capitals, and no organisations. */
export const NO_ORGANISATIONS = set(
  'ceo cfo coo cto mps mep meps gdp gnp cpi ppi gmt utc cet est edt dna aids hiv usa uae ussr dvd iii viii',
);

/** The first word of organisations' names in languages where what kind it is stands first: Tribunal Supremo, Banco Kelso. */
export const KINDS_FIRST = set(
  `tribunal consejo conseil consiglio consell conselleria consejería partido parti partito banco banca banque ministerio ministère ministero asamblea assemblée assemblea comisión commission commissione corte cour audiencia fiscalía
  federación fédération federazione federação universidad université università universidade instituto institut istituto fundación fondation fondazione fundação comité comitato asociación association associazione associação confederación confédération
  sindicato syndicat sindacato unión ayuntamiento junta generalitat govern museo musée museu agencia agence agenzia agência congreso cámara`,
);

/** Of these, councils that news names without more where it names who leads them: "la presidente del Consiglio Giorgia Meloni". */
export const LED_BODIES = set('consiglio consejo conseil consell junta generalitat govern');

/** The first word of organisations' names that go on with "of" or "for": University of Kelso, Ministry for Trade. */
export const ORG_FIRST = set(
  'university bank ministry department institute institution college church house court bureau board council association federation union party society office academy school museum ministère université universität universidad università banque banco banca ministerio ministero organization organisation league alliance confederation committee commission centre center agency chamber congress tribunal consejo conseil consiglio consell conselleria consejería partido parti partito asamblea assemblée assemblea comisión corte cour audiencia fiscalía federación fédération federazione instituto institut istituto fundación fondation fondazione asociación associazione confederación confédération unión ayuntamiento junta museo musée museu agencia agence agenzia cámara',
);

/** Offices whose names say two things that they are for. */
export const OFFICES = set('ministry department office bureau committee');

/** Bodies whose names say what they are for, often two things as well: "Organisation for …", "Association of …". */
export const BODIES = set('organisation organization association council commission federation society conference');

/** What firms and offices do: with a legal form alone it is no firm's name ("Power Co"), and it comes in pairs ("Power and Light Co"). */
export const TRADES = set(
  `power light lighting gas electric electricity telephone telegraph telecommunications communications communication cable broadcasting television radio
  oil petroleum energy fuel pipeline coal mining mines mineral minerals smelter smelting refining metal metals steel iron copper zinc lead gold silver aluminium aluminum
  rubber tire chemical chemicals manufacturing machine tool engineering construction building cement brick glass paper pulp wood lumber timber water
  finance financial banking bank trust savings loan insurance assurance guaranty casualty fire marine investment investments securities management
  development research exploration production trading export import marketing distribution shipping transport transportation transit freight
  food foods dairy sugar grain cotton textile textiles agricultural hospital medical health drug pharmaceutical pharmaceuticals
  printing publishing electronics instrument instruments systems services service supply equipment products stores retail realty property properties land industrial industries commercial`,
);

/** What is traded: before "Oil" or "Gas" it makes no firm of it. */
export const COMMODITIES = set('natural crude heating soybean palm vegetable olive coconut sunflower corn');

/** In brackets behind a row of capitals stand the letters of these as well, and they are no bodies: "Gross Domestic Product (GDP)". */
export const NO_BODIES = set(
  'product income index rate rates system agreement accord arrangement programme program plan act bill law treaty project initiative facility scheme strategy syndrome disease virus test standard unit units rights tax note notes bond bonds loan loans certificate certificates statement',
);

/** Bodies that every country has, and courts and committees that it has many of, … */
export const STATE_BODIES = set(
  'bank banks exchange office institute bureau committee commission court courts tribunal directorate authority assembly parliament police',
);

/** … and the words that say which of them, and no more: "Central Bank", "District Court". */
export const EVERYWHERE = set(
  `central national reserve state federal land regional local general special joint first second high supreme appeals appeal constitutional district county superior municipal bankruptcy magistrates criminal civil presidential
  interim executive steering managing advisory audit budget finance foreign agriculture agricultural interior defence defense commerce trade economy economics economic energy health education justice labour labor transport industry oil petroleum information environment
  planning mines mining tourism culture public works fisheries forestry water welfare statistics statistical stock commodity commodities futures securities monetary revenue tax customs development`,
);

/** Behind a country's letters they are one body of it: "U.S. Army". */
export const STATE_FORCES = set('army senate congress parliament marines lines bancorp');

/** With a capital letter these are never part of a person's name. */
export const NEVER_PEOPLE = set(
  `monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december feb mar apr jun jul aug sep sept oct nov dec
  north south east west northern southern eastern western central new old great first second third last next world european asian african american british english french german italian spanish russian chinese japanese
  street road avenue square bridge river lake mountain island islands bay sea ocean gulf valley hill hills beach park gardens stadium arena airport station hotel prison cathedral palace castle tower towers centre center hall house
  cup open championship championships league olympics games masters tour grand prix prize award awards festival day week month year war treaty act bill agreement accord summit conference report budget
  government police army state county city town district province region republic kingdom federal national international royal president minister prime foreign secretary general chief executive chairman
  internet web online windows covid christmas easter ramadan islam muslim muslims christian christians jewish jews catholic catholics protestant arab arabs god bible koran earth moon mars sun dutch swiss irish scottish
  rival rivals former shares analysts airline carmaker automaker drugmaker chipmaker retailer insurer lender investors traders dealers officials sources parent founder owner fellow meanwhile
  the a an and or of for in on at by with from to as is was were will would could should may but if when while after before since this that these those he she it they we you i his her its their our my your not no yes there here what who why how where which also however meanwhile although despite under over between among against during about into than then so yet division series industrial average index composite trophy shield stakes handicap questions assistant both`,
);

/** In the middle or at the end of a row of capital letters they show that it names a thing ("the Robert Quill Air Force Base"). */
export const THINGS = set(
  `dlr dlrs dollar dollars cent cents currency stocks index crude blend futures program programme project unit units sector statistics departments commissions administrations democrat democrats republican republicans
  force forces base aircraft helicopter helicopters basin seaway springs utilities superstores furniture minerals companies interests studies improvement improvements works system container vehicle buses nursing
  workers unions bhd`,
);

/** Of the words above, those that an organisation's name begins with, at a sentence's start too ("International Harbour Council"). */
export const NAME_OPENERS = set(
  `north south east west northern southern eastern western central old great first world european asian african american british english french german italian spanish russian chinese japanese federal national international royal general industrial arab swiss dutch irish scottish christian catholic
  city county state republic grand sun moon sea ocean gulf river lake mountain island bay valley hill park arena palace castle tower`,
);

/** Newspapers' names, which firms have by themselves: "Tribune Co". */
export const PAPERS = set('times post journal tribune herald gazette chronicle news');

/** With 's they are a part of a name: "People's Bank of Kelso". */
export const OWNERS = set('people women men children king queen');

/** After "and" they end a firm's name ("Quillfeather and Co"). */
export const COMPANIONS = set('co company sons brothers bros partners associates');

/** Of the words above, those that are first names before another capital letter: Bill Quillfeather. */
export const ALSO_FIRST_NAMES = set('bill christian');

/** What follows them where they are words: Christian Democrats. */
export const NOT_AFTER_FIRST_NAMES =
  /^(?:democra|social|union|part|coalition|church|orthodox|aid|right|science|brother|broadcast|militi|communit|leader|people|youth|debate)/;

/** Before a name they are no part of it. */
export const DAYS = set('monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow');

/** Joins the parts of a person's name. */
export const PARTICLES = set(
  'de del della di da dos das do du van von der den ten ter vom zu bin ibn al el la le y e bint abu ul arap',
);

/** Family names that stand first in China, Korea and Vietnam. */
export const FAMILY_FIRST = set(
  'xi li wang zhang liu chen yang zhao huang zhou wu xu hu zhu gao lin guo ma luo liang zheng xie tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lu su jiang cai jia ding wei xue ye yan pan du dai xia zhong wen qian qiao kim lee roh moon yoon chung choi kang cho chang chiang chao cheung chow wong leung lam tsang tsai lien hsu hsieh chun rha huh koo hou park tung chan nguyen tran pham hoang phan vo dang bui',
);

/** Agencies in brackets are the report's source, not its subject. */
export const AGENCIES = set('reuters reuter afp ap upi dpa xinhua efe ansa lusa tass interfax bloomberg');
