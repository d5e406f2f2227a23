/** The German newsroom. */
import { type Newsroom } from './plot.js';

export const german: Newsroom = {
  code: 'de',
  numberLocale: 'de-DE',
  vocabulary: {
    place: [
      'Hollerstedt',
      'Neuwarden',
      'Bad Lindenau',
      'Kranichsee',
      'Oberfelde',
      'Westermoor',
      'Altenhaven',
      'Grünbruck',
      'Seehagen',
      'Talheimen',
      'Burgweiler',
      'Sandkrug',
      'Erlenstein',
    ],
    person: [
      'Katrin Vollmer',
      'Jens Harksen',
      'Miriam Öztürk',
      'Anselm Brück',
      'Dorothea Lenz',
      'Emre Sandmann',
      'Hanne Petersohn',
      'Lukas Wiegand',
      'Svenja Aldag',
      'Tobias Rehn',
      'Ulrike Momsen',
      'Yasmin Kerner',
    ],
    day: ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag'],
    month: ['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'September', 'Oktober'],
    street: ['Hafenstraße', 'Lindenallee', 'Mühlengasse', 'Bahnhofstraße', 'Schulgasse'],
  },
  beats: [
    {
      name: 'politics',
      category: 'Politik',
      plots: [
        {
          categories: ['Verkehr'],
          headlines: [
            '{place} beschließt Straßenbahn mit {n:23-49} Stimmen',
            'Nach langem Streit: {place} bekommt eine Straßenbahn',
          ],
          leads: [
            'Der Stadtrat von {place} hat am {day} mit {n:23-49} Stimmen den Bau einer Straßenbahn beschlossen. Die Debatte dauerte {h:3-8} Stunden.',
            'Mit {n:23-49} Stimmen hat der Stadtrat von {place} am {day} für die Straßenbahn gestimmt, {über die seit Jahren gestritten wurde|die zweimal verschoben worden war}.',
          ],
          body: [
            'Die Strecke führt über {km:6-19} Kilometer vom Bahnhof zur {street}. Die Kosten werden auf {mio:80-340} Millionen geschätzt, {share:30-60} Prozent davon trägt das Land.',
            'Gegner kündigten an, {den Beschluss prüfen zu lassen|Unterschriften für einen Bürgerentscheid zu sammeln}. Bislang haben {sign:1200-9800} Menschen unterschrieben.',
            'Gebaut werden soll ab {month}. Bis dahin fahren zusätzliche Busse im Takt von {min:8-15} Minuten.',
          ],
        },
        {
          categories: ['Bildung'],
          headlines: ['{place} schafft {n:120-900} neue Kitaplätze', 'Kitas in {place}: Eltern dürfen wieder planen'],
          leads: [
            'In {place} entstehen bis zum Sommer {n:120-900} neue Kitaplätze. Das teilte das Jugendamt am {day} mit.',
            'Die Wartelisten in {place} werden kürzer: {n:120-900} Kitaplätze kommen hinzu, {die meisten davon in früheren Büros|verteilt auf alle Stadtteile}.',
          ],
          body: [
            'Gesucht werden noch {staff:15-90} Fachkräfte. Die Stadt {bietet Wohnungen an|übernimmt die Kosten der Ausbildung}.',
            'Elternvertreter nennen den Plan {überfällig|einen guten Anfang} und fordern längere Öffnungszeiten.',
            'Im vergangenen Jahr hatten {fam:80-700} Familien vergeblich gesucht.',
          ],
        },
      ],
      quotes: [
        '„{Wir haben lange zugehört, jetzt wird gebaut|Das ist keine große Geste, sondern Handwerk}“, sagte {person}.',
        '{person} sprach von einem „{Kompromiss, mit dem alle leben können|Tag, auf den viele nicht mehr gehofft hatten}“.',
      ],
      background: [
        '{place} hat rund {pop:21-260} Tausend Einwohner. Die nächste Sitzung ist für {day2} angesetzt.',
        'Ein ähnliches Vorhaben in {place2} war {year:2009-2021} am Geld gescheitert.',
      ],
    },
    {
      name: 'science',
      category: 'Wissenschaft',
      plots: [
        {
          categories: ['Naturschutz'],
          headlines: [
            'Nach {n:40-130} Jahren: Biber zurück bei {place}',
            'Forscher zählen wieder Biber an der Au in {place}',
          ],
          leads: [
            'Zum ersten Mal seit {n:40-130} Jahren leben wieder Biber bei {place}. Das ergab eine Zählung, die am {day} vorgestellt wurde.',
            'Ein angenagter Baum gab den Hinweis: Bei {place} leben nach {n:40-130} Jahren wieder Biber.',
          ],
          body: [
            'Freiwillige hatten seit {year:2012-2023} jede Woche {km:8-40} Kilometer Ufer abgesucht.',
            'Die Tiere haben {dam:2-9} Dämme gebaut. Das Wasser steht seither {cm:20-70} Zentimeter höher, was {Libellen und Frösche freut|den Auwald rettet, aber einen Radweg kostet}.',
            'Das Amt bittet, Hunde bis {month} an der Leine zu führen.',
          ],
        },
        {
          categories: ['Medizin'],
          headlines: [
            'Klinik in {place} verkürzt Wartezeit um {n:12-45} Prozent',
            'Weniger warten in {place}: Klinik stellt Studie vor',
          ],
          leads: [
            'Die Klinik in {place} hat die Wartezeit auf Operationen um {n:12-45} Prozent verkürzt, {ohne zusätzliche Betten|mit einem einfachen Trick}.',
            'Patienten in {place} warten {n:12-45} Prozent kürzer, seit Pflege und Ärzte die Woche gemeinsam planen.',
          ],
          body: [
            'Ausgewertet wurden {pat:300-2900} Fälle aus {mon:9-24} Monaten.',
            'Entscheidend sei gewesen, {die erste Operation pünktlich zu beginnen|am Vorabend anzurufen}, heißt es im Bericht.',
            'Fachleute halten die Zahlen für {belastbar|plausibel}, raten aber, {fünf Jahre abzuwarten|kleinere Häuser einzubeziehen}.',
          ],
        },
      ],
      quotes: [
        '„{Wir hielten es erst für einen Messfehler|Alle Daten sind öffentlich, bitte prüfen Sie nach}“, sagte {person}.',
        '„{Es ist ein Anfang, kein Beweis|Wir hatten Glück, aber wir waren vorbereitet}“, so {person}.',
      ],
      background: [
        'Die Arbeit wurde {years:2-6} Jahre lang von einer Stiftung gefördert.',
        'Berichte aus {place2} ließen sich bisher nicht bestätigen.',
      ],
    },
    {
      name: 'sport',
      category: 'Sport',
      plots: [
        {
          categories: ['Handball'],
          headlines: [
            '{place} gewinnt nach {n:4-14} Niederlagen in {place2}',
            'Später Wurf rettet {place} den ersten Sieg',
          ],
          leads: [
            'Nach {n:4-14} Niederlagen in Folge haben die Handballerinnen von {place} am {day} in {place2} mit {a:26-34} zu {b:20-25} gewonnen.',
            'Die Serie von {n:4-14} Niederlagen ist zu Ende: {place} siegte am {day} mit {a:26-34} zu {b:20-25}.',
          ],
          body: [
            '{person2} erzielte {goals:7-13} Tore, das letzte {sec:3-40} Sekunden vor Schluss.',
            'Zur Pause hatte {place2} noch mit {lead:2-6} Toren geführt. Dann {hielt die Torhüterin vier Siebenmeter|stellte der Trainer auf eine offene Deckung um}.',
            '{crowd:900-5200} Zuschauer {blieben bis zum Schluss|feierten bis in die Nacht}.',
          ],
        },
      ],
      quotes: ['„{Heute feiern wir, morgen wird trainiert|Ich habe aufgehört zu zählen}“, sagte {person}.'],
      background: ['Am {day2} geht es zu Hause weiter. In der Tabelle steht {place} nun auf Platz {pos:6-15}.'],
    },
  ],
  updates: [
    '{person3} bestätigte die Angaben am Abend und kündigte weitere Einzelheiten für {day3} an.',
    'Bis zum Abend meldeten sich {calls3:12-90} Menschen, {die Fragen hatten|die helfen wollten}.',
  ],
  correction: 'In einer früheren Fassung stand die Zahl {wrong}. Richtig ist {n}.',
  correctedPrefix: 'KORRIGIERT: ',
};
