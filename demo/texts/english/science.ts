/** The science desk. */
import { type Beat } from '../plot.js';

export const science: Beat = {
  name: 'science',
  category: 'Science and technology',
  plots: [
    {
      categories: ['Biology', 'Conservation'],
      headlines: [
        '{animal} return to {place} after {n:31-140} years',
        'Survey off {place} finds {animal} where none were expected',
      ],
      leads: [
        'For the first time in {n:31-140} years {animal} are breeding near {place}, {according to a survey|biologists} of {university} {published on {day}|say}.',
        'A survey of the shore at {place} has found {animal} after an absence of {n:31-140} years, {university} {reported|said} on {day}.',
      ],
      body: [
        'Volunteers had {walked|watched} {km:12-90} kilometres of shoreline every {week|fortnight} since {year:2011-2024}. Their notebooks, not the instruments, gave the first hint.',
        'The animals {seem to profit from|follow the return of} {plant}, which was replanted on {ha:6-80} hectares after {the dredging ended|the old weir was removed}.',
        'The team {asks|is asking} visitors to keep {m:50-200} metres away until {month}. Drones are {not welcome|banned}.',
        'Genetic samples point to a colony {north of {place2}|some {dist:90-600} kilometres away}; how the animals crossed the shipping lane is unknown.',
      ],
    },
    {
      categories: ['Astronomy'],
      headlines: [
        'Telescope above {place} spots comet that returns every {n:3-19} years',
        'A new comet, and a name for {place} in the catalogue',
      ],
      leads: [
        'A comet that comes back every {n:3-19} years has been found with the small survey telescope above {place}, {university} {announced|said} on {day}.',
        'On night {night:40-400} of its work the survey telescope above {place} found a comet that returns every {n:3-19} years and had been {missed|overlooked} until now.',
      ],
      body: [
        'The object is about {size:2-14} kilometres across and will pass the Earth at a {comfortable|safe} distance in {month}. With {good|ordinary} binoculars it should be visible before dawn.',
        'The discovery began as a {smudge|blur} that {person2}, a {doctoral student|school teacher on a sabbatical}, refused to delete.',
        'Archive plates from {year:1951-1989} show the comet {m:2-6} times. Nobody had {looked|connected the dots}.',
      ],
    },
    {
      categories: ['Medicine', 'Health'],
      headlines: [
        '{place} trial cuts waiting time for hip patients by {n:11-46} per cent',
        'How {place} hospital learned from its own queues',
      ],
      leads: [
        'A trial at the hospital of {place} has cut the wait for a new hip by {n:11-46} per cent without a single extra bed, {a study|an evaluation} {shows|found}.',
        'Patients in {place} wait {n:11-46} per cent less for a new hip since surgeons, nurses and cleaners began to plan {the week together|each day in one room}.',
      ],
      body: [
        'The {study|evaluation} followed {pat:240-3100} patients over {mon:9-28} months and compared them with three hospitals of the same size.',
        'The largest gain came from a {modest|dull} change: {the first operation now starts at the hour on the plan|patients are called the evening before by a nurse they know}.',
        'Independent experts call the figures {solid|plausible}, but {warn|caution} that enthusiasm fades. "Ask again in five years," said {person2}.',
      ],
    },
    {
      categories: ['Energy', 'Engineering'],
      headlines: [
        'Tidal turbine at {place} runs {n:90-400} days without repair',
        'Quiet record for the turbine under {place} bridge',
      ],
      leads: [
        'A tidal turbine off {place} has run for {n:90-400} days without repair, longer than any of its kind, its operators at {university} {said|reported} on {day}.',
        'Under the bridge of {place} a turbine the size of a bus has turned for {n:90-400} days without a diver touching it.',
      ],
      body: [
        'It {supplies|powers} about {homes:180-2400} households. At slack water a battery in a former {ice house|net store} takes over.',
        'Barnacles were the enemy. The blades now carry a coating copied from {shark skin|mussel shells}, developed with {company}.',
        'Seals have {learned|been seen} to avoid the rotor, {person2} said; hydrophones record them at {m:20-60} metres, no closer.',
        'The next machine, twice as large, is to be {sunk|installed} in {month}.',
      ],
    },
    {
      categories: ['Computing', 'Archives'],
      headlines: [
        'Students in {place} teach software to read {n:120-900}-year-old ledgers',
        'Old handwriting, new readers: {place} opens its archive',
      ],
      leads: [
        'Software written by students in {place} reads harbour ledgers that are up to {n:120-900} years old, and admits when it is guessing.',
        'The archive of {place} has put {pages:14-90} thousand pages on line, {transcribed|read} by software that copes with hands up to {n:120-900} years old.',
      ],
      body: [
        'Each word is shown beside its picture, with a {colour|figure} for how sure the program is. Readers have already corrected {fix:900-8800} words.',
        'Among the finds: {a storm nobody knew of|the price of a whale in {year:1611-1799}|a complaint about noisy geese}.',
        'The program needs no {special|expensive} hardware; {university} {trained|tuned} it on an old {games|office} computer.',
      ],
    },
  ],
  quotes: [
    '"{We nearly threw the data away|It looked like a mistake, and we spent a year trying to prove that it was one|The honest answer is that we do not know yet}," said {person}, who {leads|coordinates} the work.',
    '{person} called the result "{a beginning, not a proof|the kind of luck you have to prepare for}".',
    '"{Other groups should try to break this|All our data are public, please check them}," {person} said.',
  ],
  background: [
    'The work was paid for by {the national science fund|a foundation of {company}|ticket sales of the maritime museum} and took {years:2-9} years.',
    'The results appear {this week|on {day2}} in a journal that {lets anyone read it free of charge|publishes its reviews beside the paper}.',
    'Similar {claims|reports} from {place2} could not be confirmed in {year:2012-2024}.',
  ],
};
