import { initialState, type State, type Trial } from './phases/state.js';
import type { Status } from './status.js';

/** Returns what a status remembers. A pause without a reason is a person's, who took the candidate out of the route. */
export function stateOf(status: Status): State {
  const { phase, iteration, primary, primaryIdentity, candidate, identity, message, paused, traffic, former } = status;
  const share = phase === 'Paused' && paused === undefined ? undefined : status.share;
  const first: Trial[] =
    candidate === undefined || identity === undefined
      ? []
      : [
          {
            name: candidate,
            identity,
            share,
            startedAt: unix(status.startedAt),
            judged: status.judged ?? false,
          },
        ];
  const others = (status.others ?? []).map(({ name, identity, share, startedAt, judged = false }) => {
    return { name, identity, share, startedAt: unix(startedAt), judged };
  });
  return {
    ...initialState,
    ...{ phase, iteration, primary, primaryIdentity, message, paused, traffic, former },
    trials: [...first, ...others],
    since: unix(status.since),
    downSince: unix(status.metricsDownSince),
    baseline: status.baseline && {
      name: status.baseline.name,
      since: unix(status.baseline.since) ?? 0,
      leaving: status.baseline.leaving ?? false,
    },
    settled: status.settled.map((entry) => ({ ...entry, at: unix(entry.at) ?? 0 })),
  };
}

/** What a state is written as; the findings of the judge stand beside it. */
export type Remembered = Omit<Status, 'verdict' | 'assessments'>;

/** Returns what is written of a state. */
export function rememberedOf(state: State): Remembered {
  const { phase, iteration, primary, primaryIdentity, trials, since, traffic, message, paused, former, settled } =
    state;
  const { baseline } = state;
  const [first, ...others] = trials;
  return {
    ...{ phase, iteration, primary, primaryIdentity, message, paused, traffic, former },
    candidate: first?.name,
    ...(first && { identity: first.identity, share: first.share, startedAt: iso(first.startedAt) }),
    ...(first?.judged && { judged: true }),
    since: iso(since),
    metricsDownSince: iso(state.downSince),
    ...(baseline && {
      baseline: {
        name: baseline.name,
        since: iso(baseline.since) ?? '',
        ...(baseline.leaving && { leaving: true }),
      },
    }),
    ...(others.length > 0 && {
      others: others.map(({ startedAt, judged, ...rest }) => {
        return { ...rest, startedAt: iso(startedAt), ...(judged && { judged }) };
      }),
    }),
    settled: settled.map((entry) => ({ ...entry, at: iso(entry.at) ?? '' })),
  };
}

function unix(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const at = Date.parse(time) / 1000;
  return Number.isNaN(at) ? undefined : at;
}

function iso(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}
