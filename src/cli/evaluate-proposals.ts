import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../errors.js';
import { executionOf, summaryOf } from '../evaluate/commit-plan.js';
import type { Decision } from '../evaluate/decision.js';
import type { Failure, ReleaseState } from '../evaluate/pass.js';
import { replan } from '../evaluate/replan.js';
import { type Files, type Outcome, Overtaken, type Proposal } from '../gitops/proposal.js';
import type { RequestOutcome, StandingRequest } from '../gitops/pull-requests/propose.js';
import type { Freeze } from '../release/policy.js';
import { loadProject } from '../values/project.js';
import type { Outcome as DecisionOutcome, Dropped, RenderedOutcome, WouldWait } from './evaluate-report.js';
import type { StaleRelease } from './stale.js';
import { projectFile, type Workspace } from './workspace.js';

/** A decision on its way to a commit. */
export interface Proposed extends Proposal {
  readonly kind: 'decision';
  readonly decision: Decision;
  readonly summary: string;
  /** What a person should know of the values as they were planned last. */
  notices(): readonly Problem[];
}

/** The order of the commits: rolling back is what users wait for. */
const urgency: readonly Decision['kind'][] = ['roll back', 'promote', 'advance', 'hold'];

/** Returns a proposal for every decision that changes something, the urgent ones first. */
export function proposalsOf(
  { project }: Workspace,
  decisions: readonly Decision[],
  states: readonly ReleaseState[],
): Proposed[] {
  const rendered = project.render === 'manifests' ? project.rendered : undefined;
  return decisions
    .filter(({ change }) => change !== undefined)
    .toSorted((a, b) => urgency.indexOf(a.kind) - urgency.indexOf(b.kind))
    .flatMap((decision) => {
      const state = states.find(({ id }) => id === decision.release);
      return state === undefined ? [] : [proposalOf(decision, state, { rendered, freeze: project.freeze })];
    });
}

interface Settings {
  readonly rendered: string | undefined;
  readonly freeze: Freeze | undefined;
}

function proposalOf(decision: Decision, state: ReleaseState, { rendered, freeze }: Settings): Proposed {
  const folder = dirname(state.loaded.file);
  const memory = (files: Files) => [files.read(`${folder}/status.yaml`), files.read(`${folder}/ledger.jsonl`)] as const;
  let remembered: ReturnType<typeof memory> | undefined;
  let notices: readonly Problem[] = [];
  return {
    kind: 'decision',
    ...{ release: decision.release, urgent: decision.kind === 'roll back', decision, summary: summaryOf(decision) },
    notices: () => notices,
    plan(files) {
      // With its folder goes its memory, which would be the smaller half of the truth.
      if (files.read(state.loaded.file) === undefined) return new Overtaken('the release is gone');
      const [status, ledger] = memory(files);
      remembered ??= [status, ledger];
      if (status !== remembered[0]) return new Overtaken('its status.yaml changed meanwhile');
      if (ledger !== remembered[1]) return new Overtaken('its ledger.jsonl changed meanwhile');
      if (decision.kind !== 'roll back' && !isFrozenAs(freeze, files)) {
        return new Overtaken('the freeze in sluice.yaml changed meanwhile');
      }
      const again = replan(decision, state, files.read(state.loaded.file));
      if ('overtaken' in again) return new Overtaken(again.overtaken);
      const execution = executionOf(again.decision, again.state, { rendered, ledger: ledger ?? '' });
      notices = execution?.notices ?? [];
      return execution?.plan;
    },
  };
}

/** A person may have frozen everything while the pass ran. */
function isFrozenAs(freeze: Freeze | undefined, files: Files): boolean {
  const text = files.read(projectFile);
  if (text === undefined || (freeze === undefined && !text.includes('freeze'))) return freeze === undefined;
  return isDeepStrictEqual(loadProject(text, projectFile).freeze, freeze);
}

/** Manifests or a chart on their way to a commit. */
export interface Mended extends Proposal {
  readonly kind: 'rendering';
  readonly summary: string;
}

/** Returns a proposal to render what is stale. */
export function mend({ id, summary, plan }: StaleRelease): Mended {
  return { kind: 'rendering', release: id, urgent: false, summary, plan };
}

/** What a pass wants to commit. */
export type PassProposal = Proposed | Mended;

/** What became of the proposals of a pass. */
export interface Sum {
  readonly outcomes: DecisionOutcome[];
  readonly rendered: RenderedOutcome[];
  readonly overtaken: Dropped[];
  readonly deferred: Dropped[];
  readonly failures: Failure[];
  readonly notices: Problem[];
}

/**
 * Adds by kind what became of proposals.
 *
 * @param results in their order
 */
export function addTo(
  sum: Sum,
  proposals: readonly PassProposal[],
  results: readonly (Outcome | RequestOutcome | WouldWait)[],
): void {
  for (const [index, proposal] of proposals.entries()) {
    const { release, summary } = proposal;
    const result = results[index] ?? { kind: 'unchanged' };
    if (result.kind === 'failed') sum.failures.push({ release, error: result.error });
    else if (result.kind === 'overtaken' || result.kind === 'deferred') {
      sum[result.kind].push({ release, summary, reason: result.reason });
    } else {
      const commit = result.kind === 'committed' ? result.commit : undefined;
      const request = isRequest(result) ? { request: result } : {};
      if (proposal.kind === 'decision') {
        sum.outcomes.push({ decision: proposal.decision, commit, ...request });
        sum.notices.push(...proposal.notices());
      } else if (result.kind !== 'unchanged') sum.rendered.push({ release, summary, commit, ...request });
    }
  }
}

/** Returns a sum of nothing. */
export function emptySum(): Sum {
  return { outcomes: [], rendered: [], overtaken: [], deferred: [], failures: [], notices: [] };
}

function isRequest(result: Outcome | RequestOutcome | WouldWait): result is StandingRequest | WouldWait {
  return ['waiting', 'declined', 'blocked', 'would wait'].includes(result.kind);
}
