import { ConfigError } from '../../errors.js';
import type { Decision } from '../../evaluate/decision.js';
import { pass, type ReleaseState } from '../../evaluate/pass.js';
import type { ReadHistories } from '../../evaluate/with-histories.js';
import { type JudgeId, judges } from '../../judges/registry.js';
import type { PathSegment } from '../../release/contradiction.js';
import type { LedgerRow } from '../../release/evaluation.js';
import type { Judge } from '../../release/judge.js';
import { nearest } from '../../values/check-shape.js';
import type { LoadedValues } from '../../values/load.js';
import { withShared } from '../../values/shared-analysis.js';
import { parseSourceText } from '../../values/source-text.js';
import { merged } from '../status/evidence.js';
import { type LedgerSource, ledgerSource } from './ledger-source.js';
import type { Recorded } from './record.js';

/** A decision that was made again. */
export interface Rerun {
  readonly decision: Decision;
  /** Of those asked for, the windows that no line has. */
  readonly absent: LedgerSource['absent'];
}

/** Makes a decision again, of what was there when it was made. @throws what a pass would have reported */
export function rerun(recorded: Recorded): Promise<Rerun> {
  return passOver(recorded, recorded.state, recorded.evidence?.line.windows ?? []);
}

/** Returns what a release would have come to with another judge, and what that one says nothing of. */
export function rerunWith(recorded: Recorded, id: JudgeId): Promise<Rerun> {
  const { loaded } = recorded.state;
  const { analysis } = loaded.release;
  if (analysis === undefined || analysis.judge === id) return rerun(recorded);
  assertTaken(recorded.state, id);
  const release = { ...loaded.release, analysis: { ...analysis, judge: id } };
  const rows = merged([...recorded.earlier, ...(recorded.evidence?.line.windows ?? [])]);
  return passOver(recorded, { ...recorded.state, loaded: { ...loaded, release } }, rows);
}

async function passOver(recorded: Recorded, state: ReleaseState, rows: readonly LedgerRow[]): Promise<Rerun> {
  const { moment } = recorded;
  const { freeze, schedule, metrics } = recorded.project;
  const source = ledgerSource(recorded, rows);
  const clock = { now: moment.now, delay: metrics?.delay ?? 0 };
  const { decisions, failures } = await pass([state], { source, freeze, schedule, clock, histories: told(recorded) });
  const [decision] = decisions;
  if (decision === undefined) throw failures[0]?.error;
  return { decision: withQueries(decision, recorded), absent: source.absent };
}

/** What was seen before the analysis stands in the status that its first decision wrote. */
function told({ after }: Recorded): ReadHistories {
  const { history } = after.status;
  return async (beginnings) => {
    const found = beginnings.flatMap(({ release }) => (history === undefined ? [] : [[release, history] as const]));
    return { found: new Map(found), warnings: [] };
  };
}

/** What was asked is not asked again, so that its hash is what the line says. */
function withQueries(decision: Decision, { evidence }: Recorded): Decision {
  const queries = evidence?.line.queries;
  if (decision.evidence === undefined || queries === undefined) return decision;
  return { ...decision, evidence: { ...decision.evidence, queries } };
}

/** Returns the judge of that name. @throws ConfigError that lists those that there are */
export function judgeNamed(name: string): JudgeId {
  if (Object.hasOwn(judges, name)) return name as JudgeId;
  const known = Object.keys(judges);
  const near = nearest(name, known);
  throw new ConfigError(`Cannot judge with ${name} as a judge: there is none of that name`, {
    code: 'cli/arguments',
    hint: `${near === undefined ? '' : `Did you mean ${near}? `}Allowed are: ${known.join(', ')}.`,
  });
}

/** @throws ConfigError when the judge cannot judge by what the values of a release ask for */
export function assertTaken(state: Pick<ReleaseState, 'id' | 'loaded'>, id: JudgeId): void {
  const { analysis, strategy } = state.loaded.release;
  const judge: Judge = judges[id];
  for (const [i, objective] of (analysis?.objectives ?? []).entries()) {
    const refusal = judge.refuses(objective, { comparable: strategy.needs !== 'match' });
    if (refusal === undefined) continue;
    throw new ConfigError(`Cannot judge ${state.id} with ${id} by ${objective.metric}: it ${refusal.message}`, {
      code: 'cli/judge-refuses',
      path: placeIn(state.loaded, ['analysis', 'objectives', i]),
      hint: refusal.hint,
    });
  }
}

/** Returns where a part of the values stands, such as `releases/reviews/values.yaml:12:15`. */
function placeIn({ text, file, identity }: LoadedValues, path: readonly PathSegment[]): string {
  const { file: found, line, column } = withShared(parseSourceText(text, file), identity.analyses).problem(path, '');
  return line === undefined ? found : `${found}:${line}:${column}`;
}
