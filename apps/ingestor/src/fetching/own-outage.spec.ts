import fc from 'fast-check';
import { OwnOutage } from './own-outage.js';

const MINUTE = 60_000;
const well = (now = 0) => ({ wasWell: true, now });
const ill = (now = 0) => ({ wasWell: false, now });

describe('OwnOutage', () => {
  test('three hosts that worked fail with no answer in between: ours, until any host answers', () => {
    const network = new OwnOutage();
    expect(network.failed('a', well())).toBe('up');
    expect(network.failed('b', well())).toBe('up');
    expect(network.failed('c', well())).toBe('down');
    expect(network.failed('a', ill())).toBe('down');
    network.answered();
    expect(network.state).toBe('up');
    expect(network.failed('a', well())).toBe('up');
  });

  test('an answer in between speaks for the network', () => {
    const network = new OwnOutage();
    for (const host of ['a', 'b', 'c', 'd', 'e']) {
      expect(network.failed(host, well())).toBe('up');
      network.answered();
    }
  });

  test('one host with many feeds, or many dead hosts, are no outage', () => {
    const network = new OwnOutage();
    for (let poll = 0; poll < 100; poll++) {
      expect(network.failed('a', well(poll))).toBe('up');
      expect(network.failed(`dead-${poll}`, ill(poll))).toBe('up');
    }
  });

  test('failures that are far apart have nothing to do with each other', () => {
    const network = new OwnOutage();
    network.failed('a', well(0));
    network.failed('b', well(20 * MINUTE));
    expect(network.failed('c', well(31 * MINUTE))).toBe('up');
    expect(network.failed('d', well(32 * MINUTE))).toBe('down');
  });

  test('whatever happens, it is never down right after an answer, nor by fewer than three hosts', () => {
    const event = fc.oneof(
      fc.constant({ kind: 'answer' as const }),
      fc.record({
        kind: fc.constant('failure' as const),
        host: fc.constantFrom('a', 'b', 'c', 'd'),
        wasWell: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 100 }), (events) => {
        const network = new OwnOutage();
        let since = new Set<string>();
        events.forEach((one, now) => {
          if (one.kind === 'answer') {
            network.answered();
            since = new Set();
          } else {
            if (one.wasWell) since.add(one.host);
            network.failed(one.host, { wasWell: one.wasWell, now });
          }
          expect(network.state).toBe(since.size >= 3 ? 'down' : 'up');
        });
      }),
    );
  });
});
