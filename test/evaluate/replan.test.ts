import { describe, expect, it } from 'vitest';
import { decisionOf, promote, rollBack } from '../../src/evaluate/changes.js';
import { initialState } from '../../src/evaluate/phases/state.js';
import { reshare } from '../../src/evaluate/phases/steps.js';
import { replan } from '../../src/evaluate/replan.js';
import { castOf } from '../../src/evaluate/scene-of.js';
import { initialStatus } from '../../src/evaluate/status.js';
import { versionNamed } from '../../src/release/model.js';
import { applyEdits } from '../../src/values/edit.js';
import { loadValues } from '../../src/values/load.js';

const v1 = '  - {metadata: {name: v1}, image: "x:1", weight: 100}\n';
const v2 = '  - {metadata: {name: v2}, image: "x:2", weight: 0}\n';
const rest = `analysis: {interval: 60s, judge: threshold, objectives: [{metric: error-rate, upperLimit: 0.05}]}
rollout: {policy: steps, steps: [5, 50]}
`;
const text = `environment: istio
application:
  strategy: blue-green
  primary: v1
  versions:
${v1}${v2}${rest}`;

const loaded = loadValues(text, { file: 'values.yaml', name: 'reviews', namespace: 'default' });
const state = { id: 'reviews', loaded, status: initialStatus };
const pending = { ...state, situation: { candidate: versionNamed(loaded.release.model, 'v2') } };
const because = { reason: 'because', clock: { now: 0, delay: 0 } };
const resharing = { reason: 'because', interval: 60, fresh: ['v2'], judged: [], traffic: undefined };
const ground = { cast: castOf(loaded), state: initialState, now: 0 };
const advance = decisionOf(state, reshare(ground, { v2: 5 }, resharing), { now: 0 });

/** The text after the decision was planned again on what somebody made of the values. */
function outcomeOf(now: string | undefined, decision = advance): string {
  const again = replan(decision, state, now);
  if ('overtaken' in again) return `overtaken: ${again.overtaken}`;
  return applyEdits(again.state.loaded.text, again.decision.change?.edits ?? [], { file: 'values.yaml' });
}

describe('replan()', () => {
  it('keeps the same scalars where nothing changed', () => {
    expect(outcomeOf(text)).toBe(text.replace('100', '95').replace('weight: 0', 'weight: 5'));
  });

  it('keeps what a person changed beside them, and finds versions by name', () => {
    const third = '  - {metadata: {name: v0}, image: "x:0", weight: 0}\n';
    const changed = `# mine\n${text.replace(v1, third + v1)}`;
    expect(outcomeOf(changed)).toBe(changed.replace('100', '95').replace('x:2", weight: 0', 'x:2", weight: 5'));
    expect(outcomeOf(text.replace(v1 + v2, v2 + v1))).toBe(
      text.replace(v1 + v2, v2.replace('weight: 0', 'weight: 5') + v1.replace('100', '95')),
    );
  });

  it.each(['override: {action: pause}', 'freeze: {until: "2026-12-27T08:00:00Z"}'])(
    'lets %s stop what moves the candidate on, and no rollback',
    (wish) => {
      const held = text.replace('[5, 50]}', `[5, 50], ${wish}}`);
      expect(outcomeOf(held)).toBe('overtaken: rollout changed meanwhile');
      expect(outcomeOf(held, rollBack(pending, because))).toBe(held);
    },
  );

  it.each([
    ['the file went', undefined, 'the release is gone'],
    ['it was broken', `${text}x: [`, 'its values cannot be used as they are now'],
    ['the analysis changed', text.replace('0.05', '0.06'), 'analysis changed meanwhile'],
    ['the rollout changed', text.replace('[5, 50]', '[6, 50]'), 'rollout changed meanwhile'],
    ['the candidate changed', text.replace('x:2', 'x:3'), 'v2 changed meanwhile'],
    ['the primary changed its image', text.replace('x:1', 'x:9'), 'v1 changed meanwhile'],
    ['the candidate went', text.replace(v2, ''), 'v2 is gone'],
    ['the candidate got another name', text.replace('name: v2', 'name: v3'), 'v2 is gone'],
    [
      'a person gave it traffic',
      text.replace('100', '90').replace('weight: 0', 'weight: 10'),
      'the traffic of v1 changed meanwhile',
    ],
    [
      'a third version has traffic',
      text.replace(v2, `${v2}  - {metadata: {name: v3}, image: "x:3", weight: 7}\n`),
      'v3 has traffic by now',
    ],
    [
      'another primary',
      text.replace('primary: v1', 'primary: v2').replace('100', '1').replace('weight: 0', 'weight: 99'),
      'the primary changed meanwhile',
    ],
  ])('is overtaken where %s', (_, now, reason) => {
    expect(outcomeOf(now)).toBe(`overtaken: ${reason}`);
  });

  it('forgets what was settled of a version that is gone', () => {
    const old = '  - {metadata: {name: v0}, image: "x:0", weight: 0}\n';
    const before = loadValues(text.replace(v1, old + v1), loadedIdentity);
    const settled = [{ name: 'v0', identity: 'x', outcome: 'replaced', at: '2026-01-01T00:00:00.000Z' } as const];
    const status = { ...initialStatus, settled };
    const decision = promote({ ...pending, loaded: before, status }, because);
    expect(decision.change?.status.settled.map(({ name }) => name)).toContain('v0');
    const again = replan(decision, { ...state, loaded: before, status }, text);
    expect('decision' in again && again.decision.change?.status.settled.map(({ name }) => name)).toEqual(['v1', 'v2']);
  });
});

const loadedIdentity = { file: 'values.yaml', name: 'reviews', namespace: 'default' };
