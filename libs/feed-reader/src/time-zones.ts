/** Offsets of the zones that dates name: by number, by abbreviation, by place. */

/** Minutes east of UTC. Where an abbreviation has several meanings, RFC 822's, else the one news feeds use it for. */
const NAMED = new Map(
  (
    'z=0 ut=0 utc=0 gmt=0 wet=0 etc/gmt=0 etc/utc=0 west=60 bst=60 cet=60 met=60 mez=60 wat=60 cest=120 mest=120 mesz=120 ' +
    'eet=120 cat=120 sast=120 eest=180 msk=180 trt=180 eat=180 msd=240 gst=240 pkt=300 ist=330 npt=345 ict=420 wib=420 ' +
    'hkt=480 sgt=480 awst=480 pht=480 myt=480 jst=540 kst=540 acst=570 acdt=630 aest=600 aedt=660 nzst=720 nzdt=780 ' +
    'art=-180 brt=-180 clst=-180 ndt=-150 nst=-210 ast=-240 adt=-180 clt=-240 est=-300 edt=-240 cst=-360 cdt=-300 ' +
    'mst=-420 mdt=-360 pst=-480 pdt=-420 akst=-540 akdt=-480 hst=-600 et=-300 ct=-360 mt=-420 pt=-480'
  )
    .split(' ')
    .map((entry): [string, number] => [entry.split('=')[0] ?? '', Number(entry.split('=')[1])]),
);

/** Offset in minutes of a zone as written behind a time; 0 for none; undefined when it is not known. */
export function zoneOffset(text: string): number | undefined {
  if (text === '') return 0;
  const zone = text
    .toLowerCase()
    .replace(/[.,;]+$/, '')
    .replace(/^(uhr|hrs?|h)\b\s*/, '');
  if (zone === '') return 0;
  // The sign may stand behind a name (GMT+0100), the name behind the number (+0000 GMT).
  const numeric = /^(?:utc|gmt|ut|z)?\s?([+-])\s?(\d{1,2})(?::?(\d\d))?(?::?\d\d)?(?:\s+[a-z]{1,5})?$/.exec(zone);
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    return numeric[1] === '-' ? -minutes : minutes;
  }
  // A plus sign that an address encoding turned into a space.
  const unsigned = /^(\d\d)(\d\d)$/.exec(zone);
  if (unsigned) return Number(unsigned[1]) * 60 + Number(unsigned[2]);
  // RFC 5322, 4.3: military letters were defined wrongly and tell nothing.
  if (/^[a-ik-y]$/.test(zone)) return 0;
  // POSIX signs: Etc/GMT+3 is west.
  const posix = /^etc\/gmt([+-])(\d{1,2})$/.exec(zone);
  if (posix) return (posix[1] === '+' ? -60 : 60) * Number(posix[2]);
  return NAMED.get(zone);
}

/** Behind a time: a place of the time zone database, whose offset depends on the date. */
const PLACE =
  /^(.*\d:\d.*?) ?\b((?:africa|america|antarctica|asia|atlantic|australia|europe|indian|pacific)\/[\w/+-]+|[ecmp]st\d[ecmp]dt)$/i;

/** A date and the place whose clock it was read from, where it names one. */
export function splitPlace(text: string): { local: string; place?: string } {
  const found = text.includes('/') || text.endsWith('DT') ? PLACE.exec(text) : null;
  return found ? { local: found[1] ?? '', place: found[2] ?? '' } : { local: text };
}

/** The instant at which the place's clock showed what `time` shows in UTC; undefined for a place that nobody knows. */
export function timeAtPlace(time: number, place: string): number | undefined {
  try {
    const clock = new Intl.DateTimeFormat('en-US', { timeZone: place, timeZoneName: 'longOffset' });
    const offsetAt = (instant: number): number => {
      const name = clock.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? '';
      return (zoneOffset(name) ?? 0) * 60_000;
    };
    // The second look settles times near a change of the clock.
    return time - offsetAt(time - offsetAt(time));
  } catch {
    return undefined;
  }
}
