/** The published schemas against an independent validator, which must take real bodies and refuse broken ones. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { webhookBody } from '#domain/webhook-body.js';
import { storyBody } from '../../../test/support/story-events.js';
import type { EventType } from './events.js';
import { type BodyForm, WEBHOOK_SCHEMAS, webhookJsonSchema } from './webhook-schemas.js';

const story = storyBody({ attribution: 'From the Harbour Agency', title: 'Fähre “zurück”' });
const other = { id: '01a209d8-701a-76f4-8ac6-6f84f64f1c97', url: 'https://news.example/stories/1/kept' };
const endpoint = { id: other.id, url: 'https://partner.example/hook?key=1' };
const DATA: Record<EventType, Record<string, unknown>> = {
  'story.published': { story },
  'story.updated': { story, changed: ['title'] },
  'story.merged': { story, mergedInto: other },
  'story.withdrawn': { story, reason: 'expired' },
  'endpoint.disabled': { endpoint, reason: 'answered 410 (gone): the endpoint is disabled' },
  ping: { endpoint },
};

function validator(type: EventType, form: BodyForm) {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(webhookJsonSchema(type, form, `https://hub.example/schemas/v1/${type}`));
  return (body: unknown) => (validate(body) ? [] : (validate.errors ?? []).map((error) => error.instancePath));
}
const parsed = (type: EventType, form: BodyForm) =>
  JSON.parse(webhookBody({ type, createdAt: new Date(0), data: DATA[type] }, form).toString()) as {
    data: Record<string, unknown>;
  };

test.each(WEBHOOK_SCHEMAS)(
  'the schema of $type ($form) takes its body, more fields too, and nothing else',
  ({ type, form }) => {
    const complaints = validator(type, form);
    const body = parsed(type, form);
    expect(complaints(body)).toEqual([]);
    expect(complaints({ ...body, more: 1, data: { ...body.data, more: { of: 'it' } } })).toEqual([]);
    expect(complaints({ ...body, schemaVersion: 2 })).toEqual(['/schemaVersion']);
    expect(complaints({ ...body, type: 'story.sold' })).toEqual(['/type']);
    expect(complaints({ ...body, timestamp: 'yesterday' })).toContain('/timestamp');
    const [about = ''] = Object.keys(body.data);
    expect(complaints({ ...body, data: {} })).toContain('/data');
    expect(complaints({ ...body, data: { ...body.data, [about]: { id: 'x' } } })).toContain(`/data/${about}`);
  },
);

test('a thin body holds ids, versions and addresses, and nothing that a partner wrote', () => {
  const thin = WEBHOOK_SCHEMAS.filter(({ form }) => form === 'thin').map(({ type }) => parsed(type, 'thin').data);
  const { id, version, url } = story;
  const ref = { story: { id, version, url } };
  expect(thin).toEqual([ref, ref, { ...ref, mergedInto: other }, ref, { endpoint }, { endpoint }]);
});

test('the full body is what the event froze, to the letter', () => {
  expect(parsed('story.withdrawn', 'full')).toEqual({
    type: 'story.withdrawn',
    schemaVersion: 1,
    timestamp: '1970-01-01T00:00:00.000Z',
    data: DATA['story.withdrawn'],
  });
});
