/** The English newsroom: seven desks. */
import { type Newsroom } from '../plot.js';
import { business } from './business.js';
import { culture } from './culture.js';
import { local } from './local.js';
import { politics } from './politics.js';
import { science } from './science.js';
import { sport } from './sport.js';
import { vocabulary } from './vocabulary.js';
import { weather } from './weather.js';

export const english: Newsroom = {
  code: 'en',
  numberLocale: 'en-GB',
  vocabulary,
  beats: [politics, science, sport, culture, weather, business, local],
  updates: [
    'In a statement released later, {person3} said that {everyone concerned had been informed|further details would follow on {day3}}.',
    '{person3}, reached by telephone, {confirmed|added} that {calls3:12-90} people had {asked for|offered} help since the first report.',
    'A spokesperson for {region} said in the evening that the matter was "{being looked at|in good hands}", and that {days3:3-21} days had been set aside for it.',
  ],
  correction: 'An earlier version of this story gave the figure as {wrong}. It is {n}.',
  correctedPrefix: 'CORRECTED: ',
};
