/** The sport desk. */
import { type Beat } from '../plot.js';

export const sport: Beat = {
  name: 'sport',
  category: 'Sport',
  plots: [
    {
      categories: ['Football'],
      headlines: [
        '{place} {team} end {n:4-17}-game wait with late win over {place2}',
        '{person} strikes late as {place} {team} beat {place2}',
      ],
      leads: [
        '{place} {team} won for the first time in {n:4-17} games on {day}, beating {place2} {a:2-4}-1 {in driving rain|in front of a full house|with ten men}.',
        'A goal in the {min:84-90}th minute by {person} gave {place} {team} a {a:2-4}-1 win over {place2}, their first in {n:4-17} games.',
      ],
      body: [
        'The visitors had led after {early:3-19} minutes through {person2}, who {headed in a corner|finished a counter-attack from the halfway line}.',
        'After the break {team} changed to {three|five} at the back and {pressed higher|found more room on the left}. {person.last} hit the post twice before {scoring|the winner}.',
        '{crowd:2300-31000} people watched, {many of them until long after the whistle|the largest crowd of the season}.',
        'The club {moves up to|stays} {pos:5-16}th; on {day2} it plays {at home|away} again.',
      ],
    },
    {
      categories: ['Cycling'],
      headlines: [
        '{person} takes {place} stage after {n:60-190}-kilometre breakaway',
        'Solo ride to {place} turns the tour upside down',
      ],
      leads: [
        '{person} won the stage to {place} on {day} after a breakaway of {n:60-190} kilometres, {crossing the line alone|with {sec:9-58} seconds in hand}.',
        'Nobody followed when {person} attacked {n:60-190} kilometres from {place}; {sec:9-58} seconds were left at the line.',
      ],
      body: [
        'Crosswinds near {place2} had split the field into {groups:3-6} groups. The favourites {looked at each other|waited for the final climb} too long.',
        "{person2} keeps the leader's jersey, now by only {lead:3-40} seconds.",
        'On {day2} the race goes over {climbs:2-5} climbs of the first category, and rain is forecast.',
      ],
    },
    {
      categories: ['Athletics'],
      headlines: [
        '{n:1200-9400} runners, one baker: {person} wins {place} marathon',
        '{place} marathon goes to a debutant',
      ],
      leads: [
        '{person}, who {bakes bread at night|drives a school bus|teaches chemistry}, won the {place} marathon on {day}, ahead of {n:1200-9400} others, at the first attempt.',
        'A field of {n:1200-9400} set out in {place} on {day}, and a debutant came home first: {person}.',
      ],
      body: [
        'The winning time of two hours and {min:12-31} minutes is {sec:11-59} seconds off the course record.',
        "The decision fell on the {long bridge|cobbles of {street}} at kilometre {km:31-39}, where {person2}, last year's winner, had to walk.",
        "The oldest finisher, aged {age:81-93}, received {a loaf|a standing ovation}. Proceeds go to the {lifeboat crew|children's ward}.",
        'The organisers want to add a race for {wheelchairs|schools} next {season}.',
      ],
    },
    {
      categories: ['Sailing'],
      headlines: [
        'Crew from {place} rescues rivals and still finishes {n:4-9}th',
        'Fair play off {place}: regatta leaders turn back',
      ],
      leads: [
        'A crew from {place} gave up the lead of the Sound Regatta on {day} to take {crew:3-8} rivals off a {sinking|dismasted} boat, and still finished {n:4-9}th.',
        'Leading by {lead:2-9} miles, a boat from {place} turned back on {day} to help, and came in {n:4-9}th to the longest applause.',
      ],
      body: [
        'The {dismasted|damaged} boat had struck a {drifting container|tree trunk} in waves of {m:3-7} metres. No one was badly hurt.',
        'The jury may give back time, but the crew {has not asked for it|says it will not appeal}.',
        "The overall lead passes to {person2}, who {dedicated|offered} the day's prize to the rescuers.",
      ],
    },
    {
      categories: ['Tennis'],
      headlines: [
        '{person}, {n:15-19}, reaches {place} final',
        'Qualifier {person} one match from the title in {place}',
      ],
      leads: [
        '{person} is {n:15-19} years old, began the week in qualifying, and will play the final of {place} on {day}.',
        'The {n:15-19}-year-old qualifier {person} beat {person2} in {two|three} sets on {day} to reach the {place} final.',
      ],
      body: [
        '{person.last} saved {mp:2-7} match points, {one with a lob from behind the line|two of them on second serves}.',
        'The match lasted {h:2-4} hours and {min:3-58} minutes, {interrupted twice by rain|the last of it under floodlights}.',
        'The coach, a {former ferry captain|mathematics teacher}, {watched from the car park|could not bear to watch}.',
      ],
    },
  ],
  quotes: [
    '"{I stopped counting and started playing|My legs said no in the last hour, so I asked somebody else|Anyone would have done the same}," said {person}.',
    '"{We have had worse days and learned less from them|Tonight we celebrate, tomorrow we mend the nets}," said {person}.',
    '{person} {smiled|shrugged} when asked about {next season|the record}: "{Ask my mother|One thing at a time|First I want to sleep}."',
  ],
  background: [
    'It is the {th:4-9}th edition under the present rules. Television viewers in {region} {numbered|came to} {tv:40-480} thousand.',
    'The {association|league} is to decide in {month} on {the new calendar|video replays}.',
    'In {year:1987-2019} {place2} had a similar {surprise|moment}; a plaque on {street} remembers it.',
  ],
};
