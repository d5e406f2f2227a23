/** The French newsroom. */
import { type Newsroom } from './plot.js';

export const french: Newsroom = {
  code: 'fr',
  numberLocale: 'fr-FR',
  vocabulary: {
    place: [
      'Valmorel-sur-Orne',
      'Port-Célien',
      'Saint-Aubrac',
      'Montferrand-le-Vieux',
      'Les Ardillats',
      'Clairvigny',
      'Brissac-les-Eaux',
      'Roquebelle',
      'Hautmarais',
      'Villeneuve-du-Lac',
      'Chantelune',
    ],
    person: [
      'Camille Roussel',
      'Mehdi Lacombe',
      'Élodie Garnier',
      'Bastien Morvan',
      'Awa Diallo-Perrin',
      'Léon Castagne',
      'Maud Villard',
      'Nadia Benali',
      'Octave Renier',
      'Solène Tardieu',
    ],
    day: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'],
    month: ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'septembre', 'octobre'],
  },
  beats: [
    {
      name: 'culture',
      category: 'Culture',
      plots: [
        {
          categories: ['Musées'],
          headlines: ['À {place}, {n:60-310} dessins sortent d’un grenier', 'Le musée de {place} expose un inconnu'],
          leads: [
            'Le musée de {place} présente depuis {day} {n:60-310} dessins {oubliés|retrouvés} dans un grenier de la ville.',
            '{n:60-310} dessins {dormaient|attendaient} dans un grenier de {place}. Ils sont désormais accrochés au musée.',
          ],
          body: [
            'Leur auteur, {person2}, travaillait à la poste et ne les montrait à personne. Une nièce a {téléphoné|écrit} au musée avant de vider la maison.',
            'Les plus anciens datent de {year:1931-1969}. L’exposition est ouverte jusqu’en {month}.',
            'L’entrée est libre le {day2} soir ; un catalogue est en préparation.',
          ],
        },
        {
          categories: ['Cinéma'],
          headlines: [
            '{n:400-2800} habitants rachètent le cinéma de {place}',
            'Le dernier cinéma de {place} appartient à son public',
          ],
          leads: [
            'Le dernier cinéma de {place} ne fermera pas : {n:400-2800} habitants en ont acheté une part, a annoncé la coopérative {day}.',
            'Quand le propriétaire est parti à la retraite, {n:400-2800} voisins ont racheté le cinéma de {place}.',
          ],
          body: [
            'La part coûte {cost:40-120} euros et donne droit à une voix, sans dividende.',
            '{person2}, qui vend les billets depuis {year:1979-1998}, a reçu la part numéro un.',
            'Il reste à refaire le toit, pour {roof:90-380} mille euros ; la région en paie la moitié.',
          ],
        },
      ],
      quotes: [
        '« {Une ville est une histoire que l’on continue de raconter|Je voulais voir ce qui arrive quand personne ne commande} », dit {person}.',
        'Pour {person}, c’est « {la preuve que la patience est un art|une fête plus qu’un succès} ».',
      ],
      background: [
        'Le bâtiment date de {year:1874-1936} ; il abritait autrefois une corderie.',
        '{place} compte environ {pop:14-160} mille habitants.',
      ],
    },
    {
      name: 'business',
      category: 'Économie',
      plots: [
        {
          categories: ['Emploi', 'Industrie'],
          headlines: [
            'Une usine de vélos créera {n:80-520} emplois à {place}',
            '{place} accueille une usine, et du monde',
          ],
          leads: [
            'Une usine de vélos ouvrira à {place} et emploiera {n:80-520} personnes, a-t-on appris {day}.',
            '{n:80-520} emplois pour {place} : la construction de l’usine de vélos commence en {month}.',
          ],
          body: [
            'La région apporte {mil:3-28} millions d’euros pour les routes et une école technique.',
            'Un cinquième des apprentis devra venir des communes voisines, dont {place2}.',
            'Les syndicats {saluent|approuvent} le projet et demandent un accord sur les salaires.',
          ],
        },
        {
          categories: ['Transport'],
          headlines: ['Trains : {n:11-44} % de voyageurs en plus à {place}', 'La gare de {place} retrouve du monde'],
          leads: [
            'La gare de {place} a vu passer {n:11-44} % de voyageurs de plus qu’il y a un an, selon des chiffres publiés {day}.',
            'Avec {n:11-44} % de voyageurs en plus, la gare de {place} {manque de bancs|prolonge ses horaires}.',
          ],
          body: [
            'Deux trains supplémentaires relient désormais {place} à {place2}, le dernier à {h:21-23} heures.',
            'Le parc à vélos, {bikes:120-600} places, est plein dès huit heures.',
            '{person2}, qui tient le kiosque, a embauché.',
          ],
        },
      ],
      quotes: [
        '« {Grandir est facile, rester est un métier|Les chiffres sont patients, les clients non} », sourit {person}.',
      ],
      background: ['Le chômage dans la région s’établit à {rate:4-8} %.', 'Une réunion publique est prévue {day2}.'],
    },
  ],
  updates: [
    'Joint dans la soirée, {person3} a confirmé ces informations ; d’autres précisions sont attendues {day3}.',
    'En quelques heures, {calls3:12-90} personnes ont proposé leur aide.',
  ],
  correction: 'Une première version de cet article indiquait {wrong}. Le chiffre exact est {n}.',
  correctedPrefix: 'CORRIGÉ : ',
};
