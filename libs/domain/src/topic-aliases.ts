/** How newsrooms call topics in the languages that partners often write: normalised name → name of the IPTC Media Topic. */

/** One line a topic, names parted by commas. Only names that can hardly mean anything else: precision before recall. */
const ALIASES = `
sport: sports, sport news, deporte, deportes, desporto, esporte, esportes, спорт, スポーツ, 体育, urheilu
politics: politik, politique, politica, política, politiek, polityka, politikk, политика, 政治
economy, business and finance: business, wirtschaft, economie, économie, economia, economía, ekonomi, gospodarka, talous, экономика, business and economy, economy and business, business and finance, 経済
economic policy: wirtschaftspolitik
science and technology: science tech, sci tech, science and tech, wissenschaft und technik
technology and engineering: technology, tech, technik, technologie, tecnologia, tecnología, teknik
scientific research: research, forschung
health: gesundheit, santé, sante, salud, saúde, salute, gezondheid, zdrowie, terveys
education: bildung, éducation, educación, educação, istruzione, onderwijs
environment: umwelt, environnement, medio ambiente, ambiente, milieu, miljö
climate change: climate, klimawandel, klima, climat, clima
arts, culture, entertainment and media: arts, arts and culture, culture and arts, kultur und medien
culture: kultur, cultura, cultuur, культура, kulttuuri
arts and entertainment: entertainment
mass media: media, medien, médias, medios
cinema: film, films, movies, kino, cinéma
television: tv, fernsehen
theatre: theater, théâtre, teatro
literature: books, bücher, livres, libros
music: musik, musique, música, musica
weather: wetter, météo, meteo, tiempo, weer, погода
religion: religión, religione, kirche
society: gesellschaft, société, sociedad, società, samhälle
crime: kriminalität, crimen, crimes
crime, law and justice: crime and justice, law and justice, justice, justiz
law: legal, recht
conflict, war and peace: war, wars, krieg, guerre, guerra, war and conflict
disaster, accident and emergency incident: disasters, accidents, katastrophen, disasters and accidents
labour: labor, work and labour, arbeit
lifestyle and leisure: lifestyle and travel
travel and tourism: travel, tourism, reise, reisen, voyage, viajes, viaggi
soccer: football, fußball, fussball, fútbol, futbol, calcio, voetbal, futebol
election: elections, wahl, wahlen, élections, elecciones, elezioni
government: governo, gobierno, regierung
international relations: foreign affairs, foreign policy, außenpolitik, aussenpolitik
transport: transportation, verkehr, transports
artificial intelligence: ai, ki, künstliche intelligenz
stocks: stock market, aktien
celebrity: celebrities, people news
video game: video games, gaming, computer games
`;

/** Alias → topic name, both in lower case. */
export const TOPIC_ALIASES: ReadonlyMap<string, string> = new Map(
  ALIASES.trim()
    .split('\n')
    .flatMap((line) => {
      const [topic = '', names = ''] = line.split(': ');
      return names.split(', ').map((alias): [string, string] => [alias, topic]);
    }),
);
