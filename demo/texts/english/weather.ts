/** The weather desk. */
import { type Beat } from '../plot.js';

export const weather: Beat = {
  name: 'weather',
  category: 'Weather',
  plots: [
    {
      categories: ['Storms'],
      headlines: [
        'Gusts of {n:88-134} km/h close {place} harbour',
        'Storm passes {place} with gusts, torn roofs and little worse',
      ],
      leads: [
        'Gusts of up to {n:88-134} kilometres an hour closed the harbour of {place} on {day} and {tore tiles from roofs along {street}|left {homes:400-9000} homes without power for some hours}.',
        'The storm that forecasters had {tracked|watched} for days reached {place} on {day} with gusts of {n:88-134} kilometres an hour. Nobody was seriously hurt.',
      ],
      body: [
        'Ferries to {place2} are {tied up|cancelled} until at least {day2}. Stranded passengers slept in {the sports hall|a school}, where {bakers|neighbours} brought breakfast.',
        'Firefighters were called out {calls:40-310} times, mostly for {fallen trees|loose scaffolding}.',
        'The flood gates, closed for the {th:4-12}th time this year, held back a tide {cm:70-190} centimetres above normal.',
        'Damage is estimated at {mil:2-19} million. Insurers ask for photographs {before repairs begin|with something for scale}.',
      ],
    },
    {
      categories: ['Heat'],
      headlines: [
        '{place} measures {n:31-39} degrees, the warmest {day} on record',
        'Heat in {place}: schools close at noon',
      ],
      leads: [
        'Thermometers in {place} showed {n:31-39} degrees on {day}, more than on any such day since records began in {year:1884-1931}.',
        'With {n:31-39} degrees in the shade, schools in {place} closed at noon on {day}, and {the library stayed open all night|the pools until midnight}.',
      ],
      body: [
        'The town has marked {cool:9-44} cool places on a map: churches, cellars, the reading room. Volunteers {telephone|visit} people who live alone.',
        'Farmers in {region} {start|began} work at {four|five} in the morning. The {barley|hay} is {d:8-20} days early.',
        'Relief is expected on {day2}, with thunderstorms that may bring hail.',
      ],
    },
    {
      categories: ['Snow'],
      headlines: [
        '{n:22-75} centimetres overnight: {place} digs itself out',
        'First snow of the season surprises {place}',
      ],
      leads: [
        'Snow fell on {place} through the night to {day}: {n:22-75} centimetres by breakfast, {twice what was forecast|more than in the whole of last {season}}.',
        'The first snow came early and all at once to {place}, where {n:22-75} centimetres lay on {day} morning.',
      ],
      body: [
        'Trains {ran late|stopped} between {place} and {place2}. On {street} neighbours {cleared|dug} a path for the midwife.',
        'The road crews have {tons:300-2400} tonnes of grit, enough for {d:9-30} days.',
        'Children {took it well|declared a holiday}. A snow figure of the mayor is {said to be lifelike|already melting}.',
        'By {day2} it will be {deg:2-7} degrees, and the worry turns to {meltwater|ice on the roofs}.',
      ],
    },
    {
      categories: ['Drought', 'Water'],
      headlines: ['{place} reservoir down to {n:19-48} per cent', 'Hosepipe ban for {place} as reservoir falls'],
      leads: [
        'The reservoir above {place} holds only {n:19-48} per cent of its water, and from {day} gardens may be watered {with cans only|every other night}.',
        'After {w:5-13} weeks with hardly any rain, {place} has {n:19-48} per cent of its water left and a list of rules.',
      ],
      body: [
        'At the bottom of the lake the walls of {a drowned mill|the old village} have appeared, and with them {visitors|archaeologists}.',
        'A household uses {l:96-148} litres a head and day here. The waterworks would like to see {less:70-90}.',
        'Leaks lose {leak:9-27} per cent. {person2}, who finds them with {a listening stick|a microphone}, has never been so {busy|popular}.',
      ],
    },
  ],
  quotes: [
    '"{We plan for the worst and are glad to look foolish|The gauge does not argue|My grandmother spoke of such a day, I thought she exaggerated}," said {person} of the weather service.',
    '"{Check on your neighbours, then check again|Stay away from the sea wall, however good the picture}," {person} {said|asked}.',
  ],
  background: [
    'The weather service {keeps|leaves} its warning at level {two|three} until {day2}. A new forecast is issued every {h:3-6} hours.',
    'Scientists at {university} {say|calculate} that such {events|days} have become {times:2-5} times as frequent in {region} since {year:1961-1990}.',
    'The last comparable {case|event} was in {month} {year:1976-2018}.',
  ],
};
