/**
 * Makes libs/domain/data/first-names.txt from the lists of @faker-js/faker (MIT). To run it again:
 *
 *   mkdir packages && cd packages && npm init -y && npm install @faker-js/faker@10.6.0
 *   node scripts/make-names.mjs packages
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const load = createRequire(join(resolve(process.argv[2] ?? 'packages'), 'package.json'));
const { allLocales } = load('@faker-js/faker');

/** Lists whose names are everyday words of other languages more often than names in the news. */
const LEFT_OUT = new Set(['dv', 'tr', 'lv', 'yo_NG', 'en_NG', 'en_GH', 'zu_ZA', 'hy', 'vi', 'zh_CN', 'ja']);
/** Known from the news and missing above, in the spellings of English newspapers. */
const MORE = `Mohammed Mohamed Muhammad Mohammad Mahmoud Mahmud Ahmed Ahmad Hassan Hussein Hossein Hussain Abdul Abdel Abdullah Abdallah Ibrahim Ismail Khalid Khaled Osama Omar Tariq
 Saddam Bashar Hafez Hosni Muammar Yasser Yasir Benjamin Binyamin Ehud Shimon Yitzhak Ariel Avigdor Naftali Golda Moshe Menachem Recep Tayyip Mehmet Mustafa Kemal Suleyman Tansu Turgut Ahmet Abdullah Volodymyr Vladimir
 Sergei Sergey Boris Dmitry Dmitri Yevgeny Yevgeni Evgeny Mikhail Alexei Alexey Aleksei Alexander Aleksandr Viktor Nikolai Nikolay Andrei Andrey Ivan Yuri Oleg Igor Anatoly Gennady Leonid Konstantin Vyacheslav Valery Vasily Pavel Petro Yulia Oleksandr Viktoria Svetlana Natalia Olga Tatiana
 Jacques Jean François Francois Helmut Gerhard Angela Olaf Emmanuel Nicolas Lionel Alain Edouard Slobodan Radovan Ratko Franjo Alija Zoran Goran Dragan Milan Biljana Momcilo Nelson Thabo Kofi Boutros Robert Olusegun Sani Mobutu Laurent Joseph Yoweri Daniel Jomo Jerry Goodluck Muhammadu Cyril Jacob Winnie
 Fidel Raul Hugo Carlos Alberto Ernesto Augusto Violeta Evo Luiz Inacio Jair Dilma Nicolás Javier Mauricio Cristina Benazir Nawaz Pervez Imran Asif Zulfikar Rajiv Indira Sonia Rahul Narendra Manmohan Atal Sachin Sourav Anil Ravi Sanjay Vijay Arun Ashok Deepak Rajesh Suresh Mukesh Ratan Azim Lakshmi Virat
 Shinzo Junichiro Ryutaro Yasuhiro Kiichi Noboru Takeshi Hiroshi Kenji Akira Yoshiro Naoto Fumio Taro Yukio Shigeru Hideki Naomi Kazuo Masaru Makoto Koji Keizo Tomiichi Morihiro Tsutomu Ichiro Hideo Satoshi Kenzo Masayoshi Toshiki Takashi Hiroyuki Yoshihide Yoshihiko Seiji Susumu Tadashi Yoichi Koichi Shinichi Eiji Haruki Kazuhiro Masahiro Yasuo Toru Shohei Sanae Shunichi Toshihiko Masatoshi Mahathir Anwar Suharto Megawati Joko Susilo Corazon Imelda Ferdinand Rodrigo Gloria Thaksin Yingluck Aung Norodom Hun Chea Ratu Benazir Hamid Ashraf Ayman Hekmat
 Bill Bob Jim Joe Tony Mike Tom Tim Dave Steve Nick Chris Andy Pete Sam Ben Dan Jeff Greg Ken Ron Larry Gary Jerry Terry Barry Harry Billy Bobby Tommy Johnny Jimmy Eddie Freddie Charlie Donald Barack Hillary Bernie Mitt Newt Elon Jeffrey Satya Sundar Tiger Michelle Serena Venus Rafael Roger Novak Pete Andre Steffi Monica Martina Goran Boris Jana Arantxa Conchita Thierry Zinedine Cristiano Lionel Wayne Kevin Alan Graeme Gareth Ryan Dwight Sourav Wasim Waqar Inzamam Saeed Shane Brian Curtly Courtney Nasser Mika Giancarlo Rubens Damon Nigel Ayrton Jacques Heinz Eddie Gerhard Mick Keir Rishi Boris Theresa Gordon Margaret Neil Norman Geoffrey Kenneth Nigella Gerry Bertie Albert Enda Leo Micheál Mary Wim Ruud Mark Silvio Romano Giulio Bettino Matteo Giorgia Mario Lamberto Carlo Felipe José Jose Mariano Pedro Juan António Aníbal Mário Costas Kostas Andreas Alexis Kyriakos Lech Aleksander Donald Jarosław Jaroslaw Mateusz Andrzej Václav Vaclav Miloš Milos Petr Viktor Gyula Ion Emil Traian Zhelyu Simeon Ursula Klaus Wolfgang Theo Hans Dieter Horst Jürgen Juergen Günter Guenther Joschka Oskar Rudolf Karl Otto Gro Carl Göran Goran Olof Ingvar Bjorn Björn Anders Poul Paavo Martti Sauli Sanna Jens Kjell`;
/** Names that are words, months, days, ranks or places first: they make no name of the capital letter that follows. */
const WORDS =
  `May April June August Will Grant Chase Hope Faith Grace Joy Summer Autumn Dawn Rose Rich Art Van Den Per Bay Can Bo So Job Guy Sky Tea Ace Dean Earl Duke King Prince Princess Major Bishop Royal Star Storm Young Price Stone Forest River Ocean Rain Snow Angel Justice Liberty Destiny Genesis Trinity Harmony Melody Sterling Sunday Monday Tuesday Wednesday Thursday Friday Saturday Golden Precious Beauty Blessing Gift Success Sunny Happy Lucky Love Candy Crystal Pearl Ruby Jade Amber Opal Olive Daisy Violet Lily Poppy Heather Fern Sage Bud Con Era Eve Oda Oma Apa Ant Ata Son Sun See Sea Ham Bon Pie Rod Coy Toy Dee Long Short Brown Green White Black Gray Grey Grand Court Abe Al El Das Der Die Des Del Don De Le La Les Los Las San Santa Saint St Elle Si Nur Mai Mei Ali Gun Siv Vic Sil Era Ave Ita Adi Ami Nil Pol Tal Rim Luz Bien Fine Dot Kip Lot Bas Jet Pim Mir Sem Max Santo Fé Noble Christmas Easter Lent North South East West Union Independence America Asia Africa Europe India China Kenya Ireland Paris London Sydney Jordan Brooklyn Austin Dallas Houston Orlando Madison Savannah Virginia Carolina Georgia Florence Verona Sofia Lima Roma Cairo Denver Phoenix Chelsea Kent Chad Israel Troy Devon Dakota Montana Alexandria Kingston Lincoln Washington Berlin Vienna Geneva Rome Milano Chester Lancaster Bristol Carson Regina Victoria Delta Mercy Mercedes Dior Ford Royce Tesla Shell Target Visa Nova Mission Success Pink Ginger Delphi Harbor Harley Lexus Porsche Camden Canada Italia Britain Britannia Champion Marshall Marine Mayor Judge Chance Captain General Colonel Pope Queen Sir Lord Lady Dear Mister Miss Doctor Unique Unknown Ever True Sincere Treasure Diamond Essence Heaven Chief Baby Princesse Reine Roi Le Manual Cloud Early Easy Fairy Fancy Felony Five Four One Two Ten Hundred Home House Jury Key Kind Land Lane Law Leaf Line Lore Lake Market Maker Mall Master Mayo Merit Metro Mill Modest More Most New Noel Nice Old Only Open Orange Oral Page Park Peace Piper Pilot Polo Quest Quick Ranger Rank Reign Rebel Rose Rowan Rush Shade Ship Shadow Silver Spring Stock Temple Tower Trace Treaty Tree Valley Wade Wave Wind Winter Wolf Wood World Worth Yard Young Zion Zone Name Said Even Sep France Else Loan Florida Idea Anal Floor German Alone Urban Indiana Brain Missouri Jazz Dell Junior Alpha Beat Miller Johnson Nine Sister Brother Virgin Constant Mile Cleveland Peer Tone Argentina Honor Columbus Till Sierra Arcade Richmond Alberta Ebony Ward Yoga Rico Vital Charity Kick Meta Rio Wage Atlas Rica Ion Nike Lion Islam Ties Haven Rocky Mart Vid Arch Tri Mate Divine Salvador Martial Rover Pit Naval Innocent Flip Sim Berry Dies Jail Neo Ivory Soma Lyric Karma Mas Lean Buck Dock Dame Emerald Ala Samba Miracle Cas Mats Til Lafayette Guru Jewel Apollo Keno Willow Gage Lone Fares Bent Among Skipped Param Prune Octave Hilton Stanford Cornell Raleigh Dayton Adelaide Wellington Aurora Oman Bradford Preston Hudson Gui Digital Media Social Central Capital Global Royal Super Total Prime Roman`.split(
    /\s+/,
  );

const names = new Set(MORE.split(/\s+/).filter(Boolean));
const add = (value) => {
  if (Array.isArray(value)) value.forEach((one) => add(typeof one === 'object' ? one.value : one));
  else if (typeof value === 'string') {
    if (/^\p{Lu}\p{Ll}{2,14}$/u.test(value) && /^\p{Script=Latin}+$/u.test(value)) names.add(value);
  } else if (value) Object.values(value).forEach(add);
};
for (const [locale, { person }] of Object.entries(allLocales)) if (!LEFT_OUT.has(locale)) add(person?.first_name);
for (const word of WORDS) names.delete(word);
const sorted = [...names].sort();
const byLetter = {};
for (const name of sorted) (byLetter[name[0]] ??= []).push(name);
writeFileSync(
  join(import.meta.dirname, '../libs/domain/data/first-names.txt'),
  Object.values(byLetter)
    .map((all) => `${all.join(' ')}\n`)
    .join(''),
);
console.log(`${sorted.length} first names`);
