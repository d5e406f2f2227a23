/** The business desk. */
import { type Beat } from '../plot.js';

export const business: Beat = {
  name: 'business',
  category: 'Economy, business and finance',
  plots: [
    {
      categories: ['Manufacturing', 'Employment'],
      headlines: ['{company} to hire {n:80-640} people in {place}', '{company} picks {place} for new works'],
      leads: [
        '{company} will hire {n:80-640} people in {place} over the next {years:2-4} years, the company said on {day}.',
        'A new works of {company} brings {n:80-640} jobs to {place}, {ending a contest between five towns|the largest investment there since {year:1979-2009}}.',
      ],
      body: [
        'It is to make {parts for wind turbines|battery housings|packaging from seaweed|hearing aids}. Production starts in {month}.',
        'The {town|region} {lends|provides} {mil:3-44} million for roads and a {training|technical} school. In return, {share:10-30} per cent of the trainees must come from {region}.',
        'Unions {welcomed|praised} the plan and {want|asked for} a wage agreement before the first stone is laid.',
        'Shares in the company rose {pc:2-9} per cent {on the day|in early trading}.',
      ],
    },
    {
      categories: ['Retail', 'Prices'],
      headlines: [
        'Bread up, rents flat: prices in {place} rise {n:2-6} per cent',
        'What {place} pays: a year of prices in one basket',
      ],
      leads: [
        'Prices in {place} were {n:2-6} per cent higher in {month} than a year earlier, the {regional|national} statistics office reported on {day}.',
        'A basket of everyday goods costs {n:2-6} per cent more in {place} than a year ago, with large differences between {streets|shops}.',
      ],
      body: [
        'Bread and {coffee|cooking oil} rose most, by {top:7-19} per cent; {electricity|bus tickets} became {low:1-6} per cent cheaper.',
        'Rents {hardly moved|stood still}, which {person2}, an economist at {university}, puts down to {new homes on {street}|the rent panel}.',
        'Wages in {region} grew by {wage:2-7} per cent in the same period.',
      ],
    },
    {
      categories: ['Shipping', 'Transport'],
      headlines: [
        '{place} port handles {n:2-31} million tonnes, a record',
        'Cranes never rest as {place} port sets record',
      ],
      leads: [
        'The port of {place} handled {n:2-31} million tonnes last year, more than ever, and has no room left on {the eastern|its old} quay.',
        'A record {n:2-31} million tonnes went through {place} last year, its harbour master {said|reported} on {day}.',
      ],
      body: [
        'Most of the growth came from {timber|wind turbine parts|second-hand cars|oats}. Coal {has all but vanished|fell by half}.',
        'Ships now wait {h:4-30} hours on average. A booking system {copied from|developed with} {place2} is to halve that.',
        'Shore power for {berths:3-9} berths will let ships switch off their engines from {month}.',
        'Fishermen {fear for|want guarantees for} the small basin.',
      ],
    },
    {
      categories: ['Start-ups', 'Technology'],
      headlines: [
        '{company} of {place} raises {n:3-48} million for repair robots',
        'From shed to market: {company} grows up in {place}',
      ],
      leads: [
        '{company}, founded {years:3-9} years ago in a shed in {place}, has raised {n:3-48} million to build machines that {mend fishing nets|find leaks|sort textiles}.',
        'Investors are putting {n:3-48} million into {company} of {place}, whose machines {find leaks by ear|sort old clothes by fibre}.',
      ],
      body: [
        'The firm has {staff:12-140} employees and says it {earns money already|will break even in {year:2026-2029}}.',
        'The founders, {person} and {person2}, keep {share:31-55} per cent. Staff {own|receive} a tenth.',
        'A first large order comes from {place2}, worth {order:2-11} million.',
      ],
    },
    {
      categories: ['Agriculture'],
      headlines: ['Apple growers around {place} expect {n:9-62} thousand tonnes', 'Late frost spares {place} orchards'],
      leads: [
        'Growers around {place} expect a harvest of {n:9-62} thousand tonnes of apples, {despite a cold April|a fifth more than last year}.',
        'The frost came, and passed: orchards around {place} should bring in {n:9-62} thousand tonnes this {season}.',
      ],
      body: [
        'Old varieties {sell|fetch} at {times:2-4} times the price of the common ones. {person2} grows {kinds:19-74} of them.',
        'Pickers are short. {Schools|Colleges} in {region} {give pupils two days off|have agreed to a harvest week}.',
        'A cider press run by {trade} on {street} takes what supermarkets refuse.',
      ],
    },
  ],
  quotes: [
    '"{We did not choose the cheapest place but the one that called back|Growth is easy, staying is the art|Numbers are patient, customers are not}," said {person}.',
    '{person} of the chamber of commerce spoke of "{a signal, no more and no less|good news that has to be earned}".',
    '"{Ask me in a year|We have learned to count in decades}," said {person}.',
  ],
  background: [
    'Unemployment in {region} stands at {rate:2-8} per cent, {close to|a little below} the national average.',
    'Together {trade} and {trade2} account for {share2:11-38} per cent of jobs in the area.',
    'The {figures|plans} {are|remain} subject to {approval|an audit} in {month}.',
  ],
};
