/** A publisher that ends while a receiver hangs: the attempt does not count, and the delivery is due for the next publisher. */
import { testConfig } from '../../../../test/support/config.js';
import { testDatabase } from '../../../../test/support/database.js';
import { HostileReceiver } from '../../../../test/support/hostile-receiver.js';
import { startStopwatch } from '../../../../test/support/stopwatch.js';
import { until } from '../../../../test/support/until.js';
import { WebhookRoom } from '../../../../test/support/webhook-room.js';
import { DeliveryRepository } from '#storage/delivery.repository.js';

test('an attempt that the end of the hub cuts off is made again, at once and under the same name', async () => {
  const [store, receiver] = await Promise.all([testDatabase(), HostileReceiver.start()]);
  const config = testConfig(store.url);
  const room = await WebhookRoom.start(store, config, 15_000);
  const { id } = await room.endpoint(`${receiver.origin}/hang`);
  await room.relay([{}]);
  await until('the receiver has it', () => receiver.at('/hang').length === 1);
  const elapsed = startStopwatch();
  await room.close();
  expect(elapsed()).toBeLessThan(12_000);

  const { items } = await new DeliveryRepository(store.database).list({ endpointId: id, limit: 1 });
  expect(items).toMatchObject([
    { status: 'pending', attempts: 0, status_reason: 'the hub ended before the answer came' },
  ]);

  const next = await WebhookRoom.start(store, config, 15_000);
  const [first, second] = await until('it comes again', () => {
    const seen = receiver.at('/hang');
    return seen.length === 2 ? seen : undefined;
  });
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  expect(second?.body).toBe(first?.body);
  await next.close();
  await receiver.close();
  await store.drop();
});
