import type { Assessment, JudgeInput } from '../../release/judge.js';
import { splitEValue } from '../../stats/split-e-value.js';
import { requestsIn } from '../measure.js';

/** Requests of one connection go one way: so many count as one. */
const TOGETHER = 10;

/** The evidence from which on a split is not the declared one. */
const UNLIKE = Math.log(1000);

/** A split that is off by less than this part of the declared share is near enough. */
const NEAR = 0.2;

/**
 * Returns the share of the requests that a candidate gets where that is not the declared one. A candidate that crashes
 * serves nothing and shows no errors; or the commit has not reached the cluster.
 */
export function unlikeDeclared({ ledger, baseline, declared }: JudgeInput, candidate: string): Assessment | undefined {
  if (declared === undefined) return undefined;
  const shares = [declared.shares[baseline] ?? 0, declared.shares[candidate] ?? 0];
  const since = ledger.rows.filter(({ end }) => end - ledger.interval >= declared.since);
  const [others, own] = [requestsIn(since, baseline), requestsIn(since, candidate)];
  const [rest = 0, share = 0] = shares;
  if (others + own === 0 || share === 0 || rest === 0) return undefined;
  const value = own / (others + own);
  const limit = share / (share + rest);
  if (Math.abs(value - limit) <= NEAR * limit) return undefined;
  const rows = since.map((row) => ({ shares, counts: [baseline, candidate].map((name) => requestsIn([row], name)) }));
  const logE = splitEValue(rows, { dispersion: TOGETHER }).at(-1) ?? 0;
  if (logE < UNLIKE) return undefined;
  return { metric: 'request-share', classification: value < limit ? 'low' : 'high', value, limit, baseline: undefined };
}
