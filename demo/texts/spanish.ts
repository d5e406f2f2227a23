/** The Spanish newsroom. */
import { type Newsroom } from './plot.js';

export const spanish: Newsroom = {
  code: 'es',
  numberLocale: 'es-ES',
  vocabulary: {
    place: [
      'Villarcos',
      'Puerto Alcina',
      'Santa Elvira del Mar',
      'Montalvera',
      'Fuenteclara',
      'Los Almendrales',
      'Rivasol',
      'Torrejuncal',
      'Peñablanca',
      'San Telmo del Río',
      'Caleruela',
    ],
    person: [
      'Lucía Montesa',
      'Andrés Valdivielso',
      'Carmen Ojeda',
      'Iker Salvatierra',
      'Marisol Quiroga',
      'Pablo Arregui',
      'Rocío Bermejo',
      'Tadeo Landa',
      'Valeria Cifuentes',
      'Ximena Robledo',
    ],
    day: ['lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado'],
    month: ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'septiembre', 'octubre'],
  },
  beats: [
    {
      name: 'weather',
      category: 'El tiempo',
      plots: [
        {
          categories: ['Sequía'],
          headlines: ['El embalse de {place} baja al {n:18-47} por ciento', '{place} cierra fuentes por la sequía'],
          leads: [
            'El embalse de {place} está al {n:18-47} por ciento, y desde el {day} solo se puede regar {de noche|con cubo}.',
            'Tras {w:6-14} semanas casi sin lluvia, a {place} le queda el {n:18-47} por ciento de su agua.',
          ],
          body: [
            'En el fondo han aparecido los muros de {un molino|la vieja ermita}, y con ellos los curiosos.',
            'Cada vecino gasta {l:98-146} litros al día; el ayuntamiento pide bajar de {less:70-95}.',
            'Se espera lluvia en {month}. {person2}, que busca fugas con un micrófono, trabaja sin descanso.',
          ],
        },
        {
          categories: ['Temporal'],
          headlines: [
            'Rachas de {n:88-131} km/h cierran el puerto de {place}',
            'El temporal pasa por {place} sin heridos graves',
          ],
          leads: [
            'Rachas de hasta {n:88-131} kilómetros por hora obligaron a cerrar el puerto de {place} el {day}.',
            'El temporal llegó a {place} el {day} con rachas de {n:88-131} kilómetros por hora. No hay heridos graves.',
          ],
          body: [
            'Los bomberos salieron {calls:30-280} veces, sobre todo por árboles caídos.',
            'Los barcos a {place2} siguen amarrados; los viajeros durmieron en el polideportivo.',
            'Los daños se calculan en {mil:2-17} millones de euros.',
          ],
        },
      ],
      quotes: ['«{Nos preparamos para lo peor y nos alegra equivocarnos|El pluviómetro no discute}», dijo {person}.'],
      background: [
        'El aviso sigue en nivel {dos|tres} hasta el {day2}.',
        'El último caso comparable fue en {month2} de {year:1979-2018}.',
      ],
    },
    {
      name: 'sport',
      category: 'Deportes',
      plots: [
        {
          categories: ['Fútbol'],
          headlines: [
            'El {place} gana tras {n:4-15} partidos sin victoria',
            '{person} da el triunfo al {place} en el descuento',
          ],
          leads: [
            'El {place} ganó el {day} por {a:2-4} a 1 al {place2}, su primera victoria en {n:4-15} partidos.',
            'Un gol de {person} en el descuento acabó con {n:4-15} partidos sin ganar del {place}.',
          ],
          body: [
            'El {place2} se había adelantado a los {early:3-19} minutos.',
            'Tras el descanso, el equipo {apretó arriba|cambió de sistema} y {person2} estrelló dos balones en el palo.',
            '{crowd:2400-28000} espectadores llenaron las gradas.',
          ],
        },
        {
          categories: ['Atletismo'],
          headlines: ['{n:1200-8800} corredores en la carrera de {place}', 'Una panadera gana la carrera de {place}'],
          leads: [
            'La carrera de {place} reunió el {day} a {n:1200-8800} corredores, y ganó una panadera, {person}.',
            'Entre {n:1200-8800} participantes, la primera en llegar a la plaza de {place} fue {person}.',
          ],
          body: [
            'El tiempo, {min:31-39} minutos, se queda a {sec:2-40} segundos del récord.',
            'El más veterano, de {age:80-92} años, recibió una ovación.',
            'Lo recaudado es para {la lonja|el comedor escolar}.',
          ],
        },
      ],
      quotes: ['«{Dejé de contar y empecé a jugar|Hoy se celebra, mañana se entrena}», dijo {person}.'],
      background: ['El próximo encuentro es el {day2}.', 'Es la edición número {ed:12-48}.'],
    },
  ],
  updates: [
    '{person3} confirmó los datos por la tarde y anunció más detalles para el {day3}.',
    'Desde el primer aviso han llamado {calls3:12-90} personas para ofrecer ayuda.',
  ],
  correction: 'Una versión anterior daba la cifra de {wrong}. La correcta es {n}.',
  correctedPrefix: 'CORREGIDO: ',
};
