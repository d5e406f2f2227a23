/** The classifier of topics on the wire. */
import { z } from 'zod';
import type { ClassifierStateRow, ClassifierVersionRow } from '#storage/classifier.repository.js';
import { dateTime, isoOrNull } from './api-route.js';
import { fields } from './validation.js';

const share = z.number().min(0).max(1);

const classifierVersionSchema = z
  .object({
    version: z.number().int(),
    status: z.enum(['active', 'refused', 'retired']),
    reason: z.string().meta({ example: 'precision 0.961 on 4000 held-out items, coverage 0.72' }),
    samples: z.number().int().meta({ description: 'Stories that it was trained, tuned and examined with.' }),
    trainedSamples: z.number().int(),
    testedSamples: z.number().int().meta({ description: 'The newest stories, which it was not trained on.' }),
    newestSampleAt: dateTime.nullable(),
    bar: share.meta({ description: 'The precision it had to reach.' }),
    precision: share.nullable().meta({ description: 'Right ones of the topics it gave in the examination.' }),
    coverage: share.nullable().meta({ description: 'Share of the examination that got a topic.' }),
    seconds: z.number(),
    createdAt: dateTime,
    topics: z.array(
      z.object({
        slug: z.string(),
        name: z.string(),
        samples: z.number().int(),
        threshold: share.nullable().meta({ description: 'Given from this confidence on; null: never.' }),
        precision: share.nullable(),
        recall: share.nullable(),
        used: z.boolean(),
        reason: z.string(),
      }),
    ),
    languages: z.array(
      z.object({
        language: z.string().nullable(),
        samples: z.number().int(),
        precision: share.nullable(),
        used: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'ClassifierVersion' });

export const classifierSchema = z
  .object({
    on: z.boolean().meta({ description: 'Whether it gives topics now.' }),
    why: z.string(),
    enabled: z.boolean().meta({ description: 'What operators wish.' }),
    training: z.boolean(),
    wantedAt: dateTime.nullable().meta({ description: 'When a training was asked for that has not ended.' }),
    lastLook: z.object({ at: dateTime, note: z.string() }).nullable(),
    nextLookAt: dateTime,
    versions: z.array(classifierVersionSchema).meta({ description: 'The last twenty, newest first.' }),
  })
  .meta({ id: 'Classifier' });

export const classifierPatchSchema = fields({ enabled: z.boolean() }).meta({
  id: 'ClassifierPatch',
  example: { enabled: false },
});

export function classifierView(
  state: ClassifierStateRow,
  versions: readonly ClassifierVersionRow[],
): z.infer<typeof classifierSchema> {
  const active = versions.find(({ status }) => status === 'active');
  return {
    on: state.enabled && active !== undefined,
    why: whyInWords(state, versions, active),
    enabled: state.enabled,
    training: state.lease_until !== null && state.lease_until > new Date(),
    wantedAt: isoOrNull(state.wanted_at),
    lastLook:
      state.note === null || state.noted_at === null ? null : { at: state.noted_at.toISOString(), note: state.note },
    nextLookAt: state.next_look_at.toISOString(),
    versions: versions.map(versionView),
  };
}

function whyInWords(
  { enabled, note }: ClassifierStateRow,
  [last]: readonly ClassifierVersionRow[],
  active: ClassifierVersionRow | undefined,
): string {
  if (!enabled) return 'an operator has switched it off';
  if (active !== undefined) return `version ${active.version}: ${active.reason}`;
  if (last !== undefined) return `version ${last.version}: ${last.reason}`;
  return note ?? 'nothing was trained yet';
}

function versionView(row: ClassifierVersionRow): z.infer<typeof classifierVersionSchema> {
  return {
    version: row.version,
    status: row.status,
    reason: row.reason,
    samples: row.samples,
    trainedSamples: row.trained_samples,
    testedSamples: row.tested_samples,
    newestSampleAt: isoOrNull(row.newest_sample_at),
    bar: row.bar,
    precision: row.precision,
    coverage: row.coverage,
    seconds: row.seconds,
    createdAt: row.created_at.toISOString(),
    topics: row.topics.map(({ slug, name, samples, threshold, given, right, positives, isUsed, reason }) => ({
      ...{ slug, name, samples, threshold, reason },
      precision: ratio(right, given),
      recall: ratio(right, positives),
      used: isUsed,
    })),
    languages: row.languages.map(({ language, samples, given, right, isUsed }) => ({
      language: language === '' ? null : language,
      samples,
      precision: ratio(right, given),
      used: isUsed,
    })),
  };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
