/** The culture desk. */
import { type Beat } from '../plot.js';

export const culture: Beat = {
  name: 'culture',
  category: 'Arts, culture and entertainment',
  plots: [
    {
      categories: ['Museums', 'Exhibitions'],
      headlines: [
        '{place} museum shows {n:40-320} works of {artform} from one attic',
        'An attic in {place} becomes the exhibition of the {season}',
      ],
      leads: [
        'The museum of {place} has opened a show of {n:40-320} works of {artform}, all of them found in one attic on {street}.',
        '{n:40-320} works of {artform}, {wrapped in newspaper|packed in fish crates}, lay in an attic in {place} for decades. Now they hang in the museum.',
      ],
      body: [
        'Their maker, {person2}, {worked in the post office|ran the harbour radio} and showed them to nobody. A niece {telephoned|wrote to} the museum before calling the skip.',
        'Curators date the earliest pieces to {year:1931-1969}. Some {borrow from|quarrel with} fashions that reached the town only {years:5-20} years later.',
        'The show runs until {month}; on {day2}s entrance is free.',
        'A {catalogue|film} is in preparation. {place2} has asked to have the show {next|in the {season}}.',
      ],
    },
    {
      categories: ['Music', 'Festivals'],
      headlines: [
        '{place} festival ends with {n:60-400} players on one {instrument} piece',
        'Where everyone brings a {instrument}: five days in {place}',
      ],
      leads: [
        'The music festival of {place} closed on {day} with {n:60-400} players, most of them amateurs, in a single piece led by the {instrument}.',
        'For the finale in {place} on {day}, {n:60-400} people aged {low:7-11} to {high:79-91} played together, and hardly anyone was lost.',
      ],
      body: [
        'The piece, written for the evening by {person2}, {uses the bells of three churches|begins with the fog horn}.',
        'Rehearsals were held in {gyms|a shipyard}. Scores were printed in {three|four} degrees of difficulty.',
        'The organisers counted {guests:8-62} thousand guests; the campsite {ran out of bread twice|was full for the first time}.',
      ],
    },
    {
      categories: ['Literature', 'Books'],
      headlines: [
        'Novel set in {place} ferry queue wins {n:10-60},000 prize',
        '{person} wins prize for a book about waiting in {place}',
      ],
      leads: [
        '{person} has won the Lowmark Prize, worth {n:10-60},000, for a novel that takes place entirely in a ferry queue at {place}.',
        'The Lowmark Prize and its {n:10-60},000 go to {person}, whose {first|third} novel never leaves the quay of {place}.',
      ],
      body: [
        'The jury {praised|admired} "{a comedy that forgives everyone|sentences that leave the reader room}". It had read {books:90-310} books.',
        'The manuscript was refused {no:6-31} times. A small press in {place2} {printed|risked} {copies:300-900} copies.',
        'Bookshops {sold out|had none left} by {noon|the evening}; a second printing is {under way|promised for {day2}}.',
      ],
    },
    {
      categories: ['Cinema', 'Film'],
      headlines: [
        '{place} cinema saved by {n:400-2900} owners',
        'Last picture house in {place} belongs to its audience',
      ],
      leads: [
        'The last cinema of {place} will stay open: {n:400-2900} people have bought a share in it, the cooperative said on {day}.',
        'When the owner retired, {n:400-2900} neighbours bought the cinema in {place}. The first film runs on {day}.',
      ],
      body: [
        'A share costs {cost:40-120} and brings {one vote and no dividend|a name on a seat}. {person2}, who has sold tickets here since {year:1978-1999}, holds number one.',
        'The programme is to be {chosen|decided} by lot among the members, "which is {no worse|better} than before", {person} said.',
        'The roof needs {roof:90-400},000. The {town|region} pays half.',
        'Children will be able to hire the small hall for {one coin|the price of two tickets}.',
      ],
    },
    {
      categories: ['Theatre'],
      headlines: ['{n:20-90} actors, one bus: {place} stages a play on line 7', 'In {place} the stage has wheels'],
      leads: [
        'For {n:20-90} evenings the players of {place} perform on a scheduled bus, {between {street} and the harbour|and passengers need only a normal ticket}.',
        'The newest stage of {place} seats {seats:32-60}, smells of diesel and is on time: a play on line 7, for {n:20-90} evenings.',
      ],
      body: [
        'Scenes begin and end at the stops. Who boards late {is told the plot by a conductor|becomes part of it}.',
        'The driver, {person2}, has {two lines and the last word|refused to act and got the best laughs}.',
        'All performances are sold out, but the bus, by law, must also take passengers who {only want to go home|have no idea}.',
      ],
    },
  ],
  quotes: [
    '"{I wanted to see what happens when nobody is in charge|It was never meant to be seen, and that is what you see|A town is a story that keeps being told}," said {person}.',
    '"{People came for the rain and stayed for the music|I cried, and I was only there to mend the lights}," said {person}.',
    '{person} called it "{the best argument for leaving the house|proof that patience is an art}".',
  ],
  background: [
    'Culture {brings|is worth} about {mil:3-40} million a year to {region}, a {recent|regional} study {estimates|says}.',
    'The {building|hall} dates from {year:1871-1938} and was once {a rope works|a fish market|a school of navigation}.',
    'Tickets are {sold|available} at {the kiosk on {street}|the town hall}; the under-{age:14-21}s pay nothing.',
  ],
};
