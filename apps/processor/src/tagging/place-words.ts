/** Words that decide whether a name is a place: what may stand before and after it. */

const set = (words: string): ReadonlySet<string> => new Set(words.split(/[\s,]+/).filter((word) => word !== ''));

/** Before a place in the languages that are written in Latin letters; words that also join people ("of", "de") are not here. */
export const LOCATIVE = set(
  'in at near from to outside around across into through toward towards between visit visited leaving reached à aus bei nach im zu em na no en desde hacia hasta a naar te uit i fra til från v ve z ze w we u kohti din la',
);

/** After a place's name they make a club, a newspaper or a firm of it. */
export const MAKES_NO_PLACE = set(
  'united city rovers wanderers town athletic county albion hotspur fc cf afc sc saint-germain villa wednesday forest rangers park palace giants bulls lakers celtics knicks yankees mets cubs sox dodgers angels padres astros braves reds phillies pirates cardinals royals tigers twins indians orioles mariners athletics brewers rockies marlins expos jets bills cowboys eagles bears packers steelers raiders broncos chiefs chargers vikings dolphins patriots saints falcons panthers rams seahawks bengals browns oilers redskins colts buccaneers jaguars ravens magic heat hornets hawks pacers pistons bucks cavaliers raptors nuggets jazz suns kings clippers warriors supersonics spurs rockets mavericks timberwolves blazers penguins flyers bruins canadiens maple sabres senators blackhawks wings blues stars flames oilers canucks sharks ducks avalanche coyotes capitals hurricanes lightning islanders devils times post tribune herald globe journal chronicle gazette examiner inquirer daily university college exchange',
);

/** Before a place's name they make a club or a street of it. */
export const MAKES_NO_PLACE_BEFORE = set(
  'real inter ac bayern dynamo spartak lokomotiv sporting olympique borussia fc bayer eintracht vfb werder red st mount fort lake saint',
);

/** Cities whose names are everyday words, people or other places: they need a word of place before them. */
export const DOUBTFUL_CITIES = set(
  'nice reading bath mobile orange split male most cork buffalo phoenix providence columbus darwin cali pale charlotte victoria sale essen halle hamm tours lens nancy douglas stanley hamilton plymouth jamestown georgetown kingston alexandria aden bari parma valencia lincoln madison jackson houston dallas austin orlando florence sofia lima roma milan verona siena pisa suez medina sydney perth wellington newcastle cambridge oxford dover homs qom kent santiago san-jose san-juan george-town praia the-valley road-town west-island majuro apia melbourne santos salvador natal recife fortaleza curitiba union central mission enterprise independence concord aurora garland irving chandler henderson anderson gilbert arlington richmond burlington warren sterling norman abilene eugene fremont hayward torrance pomona orange granada cordoba leon merida toledo trujillo surat indore kota anyang of date ise mito oita tsu ube bursa batman van ordu mersin man mary osh gandhinagar bonn basra rio canton jaffna sidon metz delta peoria troy olympia eureka harmony liberty freedom hope faith surprise normal energy hull derby wells ely barking',
);

/** Names that people bear: before another capital letter they are a first name, after a first name a surname. */
export const ALSO_PEOPLE = set(
  'paris london jordan chelsea israel georgia chad florence sydney austin madison victoria dallas orlando kingston charlotte sofia india china kenya ireland holland england washington lincoln houston berlin wales york milan roma verona lima montserrat lourdes dominica troy devon kent carolina virginia savannah brooklyn cuba jamaica darwin wellington hamilton jackson stanley douglas columbus alexandria aden boston phoenix dakota montana nevada rio kobe french english german salvador',
);

/** After "Paris" or "Jordan" they show that a place is meant for all that. */
export const PLACE_NOUNS = set(
  'valley airport harbour harbor bridge river street road square hill hills bay island islands peninsula coast border police government court stock club accord agreement summit conference treaty olympics games marathon derby fashion air airlines mayor governor state county district region province embassy parliament ministry minister president prime king queen army university bank group inc corp ltd co exchange gallery museum opera symphony philharmonic festival biennale west east north south central open masters cup',
);

/** After a demonym they say which language is meant, not which country. */
export const SPEECH = set('language languages speaking speaker speakers');

/** After a city they name what was once agreed there ("the Paris accord"). */
export const TREATIES = set(
  'accord accords pact treaty convention conventions protocol agreement agreements declaration',
);

/** English things that are called after a country or a city and have nothing to do with it; not what is news too ("China cabinet", "the French press"). */
const THINGS = `
brazil: nut, nuts
chinese: whispers, checkers
cuba: libre
cuban: heels
dijon: mustard
danish: pastry, pastries
dutch: oven, ovens, courage, auction
english: muffin, muffins, breakfast, breakfasts, bulldog, bulldogs, mustard
french: fries, toast, horn, horns, bulldog, bulldogs, manicure
german: shepherd, shepherds, measles
greek: yoghurt, yogurt, chorus
guinea: pig, pigs, fowl
indian: summer, ink
irish: coffee, setter, setters, wolfhound, wolfhounds
jersey: cow, cows, shore
mexican: wave, waves, standoff
moscow: mule, mules
panama: hat, hats
persian: rug, rugs, carpet, carpets, cat, cats
russian: roulette, doll, dolls
spanish: flu, omelette
swiss: army knife, army knives
turkish: delight, bath, baths
welsh: rarebit, corgi, corgis, dresser
`;

/** First word → what follows it, one or two words. */
export const NAMESAKES: ReadonlyMap<string, readonly string[]> = new Map(
  THINGS.trim()
    .split('\n')
    .map((line): [string, string[]] => {
      const [country = '', things = ''] = line.split(': ');
      return [country, things.split(', ')];
    }),
);

/** Evidence that "Georgia" is the one in the Caucasus, and what speaks for it a little. */
export const CAUCASUS =
  /\b(Tbilisi|Batumi|Georgian|Abkhazia|Ossetia|Caucasus|Shevardnadze|Saakashvili|Armenia|Azerbaijan|Tiflis)\b/;
export const NEAR_CAUCASUS = /\b(Georgians|Russia)\b/;

/** Evidence that "Georgia" is the American state, and what speaks for it a little. */
export const AMERICAN_STATE =
  /\b(Atlanta|Republican|Democrat|Senate|Governor|Gov\.|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|North Carolina|Ohio|Oklahoma|Oregon|Pennsylvania|South Carolina|Tennessee|Texas|Utah|Vermont|Virginia|Wisconsin|Wyoming)/;
export const AMERICA = /\b(U\.S\.|US|American)/;
