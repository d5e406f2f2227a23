/** The blogger's desk: one voice, own subjects, nothing copied. */
import { type Newsroom } from './plot.js';
import { vocabulary } from './english/vocabulary.js';

export const blog: Newsroom = {
  code: 'en',
  numberLocale: 'en-GB',
  vocabulary,
  beats: [
    {
      name: 'blog',
      category: 'Notes',
      plots: [
        {
          categories: ['Walking', 'Places'],
          headlines: ['Walking the sea wall at {place}', '{n:9-31} kilometres along the wall at {place}'],
          leads: [
            'I walked the sea wall at {place} on {day}, all {n:9-31} kilometres of it, with {a flask and no plan|wet socks and a good map}.',
            'It is {n:9-31} kilometres from one end of the wall at {place} to the other, and nobody I met had done it in one go.',
          ],
          body: [
            'Halfway along there is a bench with a brass plate: {"For those who wait"|"Sit, it changes"}. I {sat|did as I was told} and counted {boats:4-19} boats.',
            'The wall was built in {year:1884-1931} by {trade}, who signed it in a place you only see at low tide.',
            'A man mending nets told me the path would be {closed|washed over} by {month}. He also told me that about last year.',
            'If you go: take the early bus to {place2}, bring something for the gulls to envy, and turn round before your knees do.',
          ],
        },
        {
          categories: ['Reading', 'Libraries'],
          headlines: ['What the {place} library throws away', 'Notes from the book sale in {place}'],
          leads: [
            'The library of {place} sold {n:300-2900} books on {day}, by weight, and I came home with more than I can carry twice.',
            'There were {n:300-2900} books on the tables in {place}, and {one cat|a queue before eight}.',
          ],
          body: [
            'My favourite: a manual on {artform} from {year:1931-1975}, with corrections in pencil by somebody who knew better.',
            'A book that nobody borrowed in {years:9-30} years looks {newer|lonelier} than any other. There ought to be a shelf for them.',
            'The librarian, who asked to be called only {person.last}, keeps what falls out of the pages: tickets, pressed {plant}, a love letter in two hands.',
          ],
        },
        {
          categories: ['Food'],
          headlines: ['A soup from {place}, and an apology', 'The {place} soup, tested {n:4-19} times'],
          leads: [
            'After {n:4-19} attempts I can say that the soup they make in {place} cannot be hurried.',
            'I was wrong about the soup of {place}. It took me {n:4-19} pots to find out why.',
          ],
          body: [
            'The trick, which {person} {showed|described to} me, is to {burn the onion on purpose|add the salt at the very end}.',
            'You need {g:200-600} grams of whatever the boats brought, {min:40-90} minutes, and a pot older than yourself.',
            'Readers from {place2} will write to say that theirs is better. Please do.',
          ],
        },
        {
          categories: ['Technology', 'Small web'],
          headlines: [
            'A weather station for {place} made of scrap',
            'My {n:11-48}-day experiment with a rain gauge in {place}',
          ],
          leads: [
            'For {n:11-48} days a weather station made of scrap has stood on a roof in {place}, and its numbers are on this page.',
            'I promised to publish my own mistakes as well, so here are {n:11-48} days of rain in {place}, of which {bad:2-6} are wrong.',
          ],
          body: [
            'The cups turn on a bearing from a skateboard. {Wind|Rain} is counted by a magnet and a great deal of {hope|tape}.',
            'Compared with the official gauge I am off by {pc:3-17} per cent, always {too dry|too wet}, which at least is consistent.',
            'The code is {lines:60-240} lines long. It sends {a line of text every ten minutes|nothing when nothing happens}.',
            'Next I want to measure how loud {street} is at {night|dawn}.',
          ],
        },
        {
          categories: ['Local history'],
          headlines: ['The clock in {place} that runs backwards', 'Why {place} has two town halls'],
          leads: [
            'It has puzzled visitors to {place} for {n:60-210} years, and I think I have found the reason in a cellar.',
            'Everyone in {place} has an explanation; I collected {n:60-210} of them on postcards.',
          ],
          body: [
            'The minutes of {year:1811-1899} speak of {a wager|a misunderstanding with a clockmaker} and are then silent for {pages:9-40} pages.',
            '{person2}, whose family kept the key, remembers {winding it on Sundays|being told never to ask}.',
            'I have asked the archive for the drawings. They replied with a question of their own.',
          ],
        },
      ],
      quotes: [
        '"{You are looking at it from the wrong side|Write it down or it did not happen}," {person} told me, and {went back to work|closed the window}.',
        'As {person} says: "{The map is the least of it|Better a small answer than a big one}."',
      ],
      background: [
        'More {photographs|notes} next week, when the {light|tide} is better.',
        'Thanks to the {calls:3-9} readers who wrote after the last post. You were right about the {gulls|date}.',
      ],
    },
  ],
  updates: ['Added later: {person3} wrote to say that there is {a second one|an easier way} in {place3}.'],
  correction: 'I first wrote {wrong} here. It is {n}; thanks to those who noticed.',
  correctedPrefix: 'CORRECTED: ',
};
