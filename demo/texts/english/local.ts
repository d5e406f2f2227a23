/** The local desk. */
import { type Beat } from '../plot.js';

export const local: Beat = {
  name: 'local',
  category: 'Society',
  plots: [
    {
      categories: ['Transport', 'Roads'],
      headlines: [
        '{street} in {place} closed to cars for {n:4-18} weeks',
        '{place} gives {street} to pedestrians, for now',
      ],
      leads: [
        '{street} in {place} belongs to pedestrians for {n:4-18} weeks from {day}, while {pipes are replaced|a trial finds out what happens}.',
        'For {n:4-18} weeks no cars will pass through {street} in {place}. Delivery vans may enter until {ten|eleven} in the morning.',
      ],
      body: [
        'Shopkeepers are divided. {person2}, who sells {bicycles|cheese|buttons}, expects {more customers|a quiet {season}}; others have put up {posters|a clock that counts the days}.',
        'Buses use a detour of {min:4-11} minutes. The stop at the {town hall|fire station} moves {m:40-160} metres.',
        'Sensors count {walkers, bicycles and noise|who comes and how long they stay}. The figures are shown on {a board|the library wall}.',
        '{Benches|Trees in tubs} come from the municipal nursery and may be {moved by anyone|adopted}.',
      ],
    },
    {
      categories: ['Animals', 'Human interest'],
      headlines: ['Goose holds up {place} tram for {n:14-75} minutes', 'Lost parrot of {place} gives its own address'],
      leads: [
        'A goose sat down on the tram tracks of {place} on {day} and stayed for {n:14-75} minutes, {undisturbed by bells|while passengers took sides}.',
        'For {n:14-75} minutes on {day} nothing moved in {place}: a bird had chosen {street} for a rest, and no one had the heart.',
      ],
      body: [
        '{person2}, a retired vet, finally {lured it away with lettuce|carried it to the canal under one arm}.',
        'The operator {apologised|thanked everybody for their patience} and {has named a tram after the bird|is considering a sign}.',
        'It is the {th:4-9}th such incident this year. A fence was {discussed|rejected} in {year:2015-2023}.',
      ],
    },
    {
      categories: ['Education', 'Schools'],
      headlines: [
        'Pupils in {place} run their canteen and save {n:8-33} per cent',
        '{place} school hands the kitchen keys to its pupils',
      ],
      leads: [
        'Since pupils run the canteen of a school in {place}, it costs {n:8-33} per cent less and {hardly anything is thrown away|the queue has moved indoors}.',
        'A school in {place} gave its pupils the canteen keys a year ago. The accounts show a saving of {n:8-33} per cent.',
      ],
      body: [
        "A team of {cooks:12-30} plans, cooks and keeps the books, with a {chef|retired ship's cook}, {person2}, at hand.",
        'The most popular dish is {lentil stew|fish pie}; chips are on the menu {once a month|by vote only}.',
        'Grades in mathematics have risen, which the head, {person}, {would not call a coincidence|calls a coincidence with a smile}.',
      ],
    },
    {
      categories: ['Rescue services'],
      headlines: [
        'Lifeboat from {place} brings home {n:3-21} in fog',
        'Kayakers saved off {place} after phone call to grandmother',
      ],
      leads: [
        'The lifeboat of {place} brought {n:3-21} people safely ashore on {day}, {after fog had surprised a party of kayakers|when a pleasure boat lost its engine}.',
        'It took {h:2-6} hours in thick fog, but by midnight all {n:3-21} were ashore in {place}, {cold and grateful|wrapped in blankets}.',
      ],
      body: [
        'A volunteer, {person2}, had heard {whistles|singing} from the pier. The crew steered {by ear|by radar and by luck}.',
        'Two people were treated for {exposure|cold}; {both are well|they were home by breakfast}.',
        'The station has been called out {calls:19-88} times this year. Its new boat, paid for by {trade}, arrives in {month}.',
        'The coastguard reminds everyone to {carry a light and a whistle|tell somebody when they will be back}.',
      ],
    },
    {
      categories: ['History', 'Archaeology'],
      headlines: [
        'Builders in {place} find {n:90-900} coins under a bakery',
        'Dig on {street}: {place} meets its past',
      ],
      leads: [
        'Builders {repairing|laying} a floor on {street} in {place} have found {n:90-900} coins in {a stoneware jar|what was once an oven}.',
        'Under a bakery in {place} lay {n:90-900} coins, {hidden in a hurry|counted and wrapped}. Archaeologists have {w:2-6} weeks.',
      ],
      body: [
        'The youngest coin dates from {year:1611-1799}. That year {the town burned|a fleet was expected}, says {person2} of the museum.',
        'The baker sells bread through a window meanwhile, {with a view of the dig|and, on request, replicas made of gingerbread}.',
        'By law the find belongs to the {finder and the owner|town}; they {have agreed|want} to keep it together.',
      ],
    },
  ],
  quotes: [
    '"{You could not make it up, and I have tried|We will be telling this one at weddings|It is a small thing, but it is ours}," said {person}.',
    '"{I only went out for milk|Somebody had to do something, and I was nearest}," said {person}.',
    '{person}, who has lived here for {age:31-79} years, had "{never seen the like|seen stranger}".',
  ],
  background: [
    '{place} lies in {region}, {min:20-90} minutes from {place2}, and is known for {its mussels|its brass bands|its crooked tower}.',
    'A {meeting|public evening} is planned on {day2} in {the old customs house|the school on {street}}.',
    'Comments can be {sent to|left at} the town hall until the end of {month}.',
  ],
};
