/** Reading stored documents again writes what the newest of them says, never an older text over a newer one, and only once. */
import fc from 'fast-check';
import { type Rereading, rereadVerdict } from './reread-verdict.js';

const stored = { documentId: 'd2', documentIsGone: false, differs: false, differsAtAll: false };
const reading: Rereading = { documentId: 'd2', inSelection: true, heldBy: null, stored };

it.each<[string, Partial<Rereading>, string | null]>([
  ['nothing that is the same', {}, null],
  ['an item that was not known', { stored: null }, 'new'],
  ['no unknown item that a newer document holds', { stored: null, heldBy: 'd3' }, null],
  ['a change in its own document', { stored: { ...stored, differs: true, differsAtAll: true } }, 'changed'],
  ['a date that only its own document can tell', { stored: { ...stored, differsAtAll: true } }, 'changed'],
  [
    'that date also when a newer document holds the item',
    { heldBy: 'd3', stored: { ...stored, differsAtAll: true } },
    'changed',
  ],
  [
    'no other text of its own document when a newer one holds the item',
    { heldBy: 'd3', stored: { ...stored, differs: true, differsAtAll: true } },
    null,
  ],
  [
    'nothing over the text of a newer document',
    { documentId: 'd1', stored: { ...stored, differs: true, differsAtAll: true } },
    null,
  ],
  ['a newer text', { documentId: 'd3', stored: { ...stored, differs: true, differsAtAll: true } }, 'changed'],
  [
    'no markup that the partner may have changed between two documents',
    { documentId: 'd3', stored: { ...stored, differsAtAll: true } },
    null,
  ],
  [
    'such markup when the own document is gone',
    { documentId: 'd3', stored: { ...stored, documentIsGone: true, differsAtAll: true } },
    'changed',
  ],
  ['nothing outside the selection', { inSelection: false, stored: null }, null],
])('writes %s', (_, part, verdict) => {
  expect(rereadVerdict({ ...reading, ...part })).toBe(verdict);
});

/** A text as the reader has it: `matter` is what a poll compares, `detail` what it overlooks. */
interface Text {
  matter: number;
  detail: number;
}
interface Stored extends Text {
  documentId: string;
}

const id = (number: number) => `d${String(number).padStart(3, '0')}`;
const text = fc.record({ matter: fc.nat(2), detail: fc.nat(2) });

/** One run over the documents, newest first. Answers what is stored then and how often it wrote. */
function run(documents: (Text | null)[], before: Stored | null): { after: Stored | null; writes: number } {
  let after = before;
  let heldBy: string | null = null;
  let writes = 0;
  for (let number = documents.length - 1; number >= 0; number--) {
    const found = documents[number];
    if (!found) continue;
    const documentId = id(number);
    const verdict = rereadVerdict({
      documentId,
      inSelection: true,
      heldBy,
      stored: after && {
        documentId: after.documentId,
        documentIsGone: !documents.some((_, index) => id(index) === after?.documentId),
        differs: after.matter !== found.matter,
        differsAtAll: after.matter !== found.matter || after.detail !== found.detail,
      },
    });
    heldBy ??= documentId;
    if (verdict === null) continue;
    writes++;
    after = { ...found, documentId };
  }
  return { after, writes };
}

it('ends with what the newest document says, and does nothing the second time', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(text, { nil: null }), { minLength: 1, maxLength: 6 }),
      fc.option(fc.record({ matter: fc.nat(2), detail: fc.nat(2), from: fc.nat(8) }), { nil: null }),
      (documents, item) => {
        const before = item && { matter: item.matter, detail: item.detail, documentId: id(item.from) };
        const first = run(documents, before);
        const newest = documents
          .map((found, number) => ({ found, number }))
          .filter(({ found }) => found)
          .at(-1);
        const outranked = before !== null && newest !== undefined && before.documentId > id(newest.number);
        if (outranked || newest === undefined) expect(first.after).toEqual(before);
        else expect(first.after?.matter).toBe(newest.found?.matter);
        expect(run(documents, first.after).writes).toBe(0);
      },
    ),
    { numRuns: 2_000 },
  );
});
