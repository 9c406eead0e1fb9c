import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialState, type State, type Trial } from '../../src/evaluate/phases/state.js';
import { rememberedOf, stateOf } from '../../src/evaluate/state-of.js';
import { formatStatus, parseStatus, type Status } from '../../src/evaluate/status.js';

/** As it was written before there were several candidates. */
const old = `phase: Progressing
iteration: 2
primary: reviews-v1
candidate: reviews-v2
identity: sha256:0123456789abcdef
share: 5
startedAt: "2026-01-01T00:00:00.000Z"
since: "2026-01-01T00:01:00.000Z"
traffic: 300
message: it enters
verdict: inconclusive
assessments:
- metric: error-rate
  classification: nodata
settled: []
`;

const seconds = fc.integer({ min: 0, max: 2_000_000_000 });

const trial = fc.record<Trial>({
  name: fc.constantFrom('v2', 'v3', 'v4'),
  identity: fc.string(),
  share: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  startedAt: fc.option(seconds, { nil: undefined }),
  judged: fc.boolean(),
});

const states = fc.record<State>({
  phase: fc.constantFrom(
    'Initializing',
    'Progressing',
    'Promoting',
    'Inconclusive',
    'Completed',
    'RolledBack',
    'Terminated',
  ),
  iteration: fc.nat(),
  primary: fc.constant('v1'),
  primaryIdentity: fc.option(fc.string(), { nil: undefined }),
  trials: fc.uniqueArray(trial, { selector: ({ name }) => name }),
  since: fc.option(seconds, { nil: undefined }),
  traffic: fc.option(fc.nat(), { nil: undefined }),
  message: fc.string(),
  paused: fc.option(fc.string(), { nil: undefined }),
  former: fc.option(fc.string(), { nil: undefined }),
  downSince: fc.option(seconds, { nil: undefined }),
  baseline: fc.option(fc.record({ name: fc.string(), since: seconds, leaving: fc.boolean() }), { nil: undefined }),
  settled: fc.array(
    fc.record({ name: fc.string(), identity: fc.string(), outcome: fc.constant('lost' as const), at: seconds }),
  ),
});

describe('stateOf()', () => {
  test('reads a status from before there were several candidates', () => {
    const at = Date.parse('2026-01-01T00:00:00Z') / 1000;
    expect(stateOf(parseStatus(old, 'status.yaml'))).toEqual({
      ...initialState,
      ...{
        phase: 'Progressing',
        iteration: 2,
        primary: 'reviews-v1',
        since: at + 60,
        traffic: 300,
        message: 'it enters',
      },
      trials: [{ name: 'reviews-v2', identity: 'sha256:0123456789abcdef', share: 5, startedAt: at, judged: false }],
    });
  });

  test('takes a pause without a reason for a candidate that a person took out', () => {
    const status: Status = { ...parseStatus(old, 'status.yaml'), phase: 'Paused' };
    expect(stateOf(status).trials).toMatchObject([{ share: undefined }]);
    expect(stateOf({ ...status, paused: 'the primary was changed' }).trials).toMatchObject([{ share: 5 }]);
  });

  test('gives back every state that was written, through the text of status.yaml', () => {
    fc.assert(
      fc.property(states, (state) => {
        const text = formatStatus(rememberedOf(state));
        expect(stateOf(parseStatus(text, 'status.yaml'))).toEqual(state);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
