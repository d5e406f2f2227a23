/** The politics desk. */
import { type Beat } from '../plot.js';

export const politics: Beat = {
  name: 'politics',
  category: 'Politics',
  plots: [
    {
      categories: ['Local government', 'Public transport'],
      headlines: [
        '{place} council backs {project} by {n:24-61} votes',
        'After years of delay, {place} votes for {project}',
      ],
      leads: [
        'Councillors in {place} {voted|decided} late on {day} to build {project}, {carrying|passing} the motion with {n:24-61} votes after a debate of {h:3-9} hours.',
        '{place} will get {project}: {n:24-61} councillors {backed|supported} the plan on {day}, ending an argument that {has outlived three mayors|began in {year:2004-2019}}.',
      ],
      body: [
        'The scheme is expected to cost {cost:12-340} million, of which {share:20-60} per cent comes from a national fund for {smaller|coastal|growing} towns. {Work|Building} could begin in {month}.',
        'Opponents {asked for a referendum|demanded a cheaper version} and {say|argue} that the council has {underestimated|glossed over} the cost of upkeep. "We are not against {project}, we are against paying for it twice," said {person2}, who led them.',
        'Residents of {street} had {collected|handed in} {sign:1200-9800} signatures {in favour|for a route that spares the old trees}. A compromise moves the site {m:80-400} metres to the {north|south|east}.',
        'The town has {tried|planned} this before. A first draft was withdrawn in {year:2004-2019} when {the tender drew no bids|the surveyors found a buried river}.',
      ],
    },
    {
      categories: ['Elections'],
      headlines: [
        '{person} wins {place} by-election with {n:31-58} per cent',
        'Turnout surprises as {place} elects {person}',
      ],
      leads: [
        '{person} has won the {place} by-election with {n:31-58} per cent of the vote, {taking|holding} a seat that {pollsters had called too close|changed hands twice in a decade}.',
        'Voters in {place} sent {person} to parliament on {day} with {n:31-58} per cent, on a turnout {not seen here in a generation|that surprised both camps}.',
      ],
      body: [
        'Turnout was {turn:44-78} per cent. Polling stations on {street} stayed open {m:20-50} minutes longer because of the queues.',
        '{person2}, who came second, {conceded shortly after midnight|asked for a recount in two wards and then conceded}. The margin was {margin:120-4300} votes.',
        'The campaign had turned on {rents|the hospital|bus services|the price of the ferry}. {person.last} promised to publish a {monthly|quarterly} account of what has been done about it.',
      ],
    },
    {
      categories: ['Housing', 'Legislation'],
      headlines: ['{place} to test {n:12-14}-point plan for empty homes', 'Rent bill faces first test in {place}'],
      leads: [
        'A {n:12-14}-point plan to bring empty homes back into use {starts|will be tried first} in {place} {next month|from {month}}, the housing ministry said on {day}.',
        'Owners of empty homes in {place} will be offered repairs at public cost in return for capped rents, under a {n:12-14}-point plan {presented|unveiled} on {day}.',
      ],
      body: [
        'Officials count {homes:140-2600} homes that have stood empty for more than two years, most of them {above shops|near the old harbour|in the streets around {street}}.',
        'Landlords called the offer {"a beginning"|"generous on paper"}. Tenants\' groups {welcomed it|want the cap to last longer than ten years}.',
        'If the trial works, {towns:8-30} more towns would follow. A report is due in {month}.',
        'An earlier attempt in {region} brought back {few:9-90} homes in three years, well short of its goal.',
      ],
    },
    {
      categories: ['International relations', 'Trade'],
      headlines: [
        'Ministers meet in {place} to settle fishing dispute',
        '{n:9-27} governments sign {place} accord on shared waters',
      ],
      leads: [
        'Delegations from {n:9-27} governments {gathered|met} in {place} on {day} to settle how the waters of {region} are fished, {measured|policed} and restored.',
        'After {d:2-6} days of talks in {place}, {n:9-27} governments agreed on {day} to share {catch data|patrols|the cost of restoring spawning grounds}.',
      ],
      body: [
        'The text {sets|contains} quotas for {years:3-7} years and a {joint|standing} panel of scientists whose advice must be answered in public.',
        'Small boats under {m:9-14} metres are exempt, which {person2}, speaking for the harbour towns, called "the line we would not cross".',
        'Two delegations {held out|kept negotiating} until {the early hours|dawn} over who pays for the observers on board.',
      ],
    },
    {
      categories: ['Transparency', 'Parliament'],
      headlines: [
        '{place} opens its books: every invoice over {n:200-900} goes online',
        'New rule in {place} puts council spending on line',
      ],
      leads: [
        'Every invoice over {n:200-900} that {place} pays will be published within a week, after the council adopted a rule {drafted|proposed} by {person}.',
        'The town of {place} will publish every payment over {n:200-900}, {searchable by street and supplier|in a form that anyone can search}, from {month}.',
      ],
      body: [
        "A trial with last year's accounts turned up {dup:4-40} {double payments|subscriptions that nobody remembered ordering}.",
        'Suppliers may ask for {personal details|bank data} to be blacked out, but not {prices|amounts}. Appeals go to {person2}, a retired judge.',
        'Neighbouring {place2} {is watching|has asked for the software}, which the town will give away free of charge.',
      ],
    },
  ],
  quotes: [
    '"{This is not the end of the work, it is the end of the excuses|We listened for longer than was comfortable, and it was worth it|People here will judge us by what stands in five years}," said {person}.',
    '{person} {told reporters|said after the meeting} that the {outcome|result} was "{better than I feared and less than I hoped|a fair deal for the next generation}".',
    '"{I have been asked whether I would do it again. I would, but sooner|There is no such thing as a small decision in a small town}," {person} {said|added}.',
  ],
  background: [
    '{place} has about {pop:18-290} thousand inhabitants and has been governed by {shifting coalitions|a three-party alliance} since the last {local|regional} elections.',
    'The {opposition|regional government} has {ten days|two weeks} to {appeal|comment}. The next sitting is {planned for|set for} {day2}.',
    'Observers see the {decision|result} as a sign of how {region} may vote in the {spring|autumn}.',
  ],
};
