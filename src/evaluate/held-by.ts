import { oneLine } from '../gitops/one-line.js';
import type { Freeze, Rollout, Schedule } from '../release/policy.js';
import { isOver } from '../values/project/freeze.js';
import { holding } from './schedule.js';

/** What sluice.yaml says for all releases. */
export interface Everywhere {
  readonly freeze?: Freeze | undefined;
  readonly schedule?: Schedule | undefined;
}

/**
 * Returns why nothing may advance or be promoted, as one sentence; undefined where it may. A freeze that is over is none.
 *
 * @param now Unix seconds
 */
export function heldBy(
  rollout: Pick<Rollout, 'freeze' | 'override' | 'schedule'>,
  { freeze: frozen, schedule: everywhere }: Everywhere,
  now: number,
): string | undefined {
  const { freeze, override, schedule } = rollout;
  const verb = override && verbs[override.action];
  const paused = override && verb && said(verb, override);
  const reasons = [
    frozen && frozenWords(frozen, 'everything is frozen', now),
    everywhere && scheduled(everywhere, 'the schedule of all releases', now),
    freeze && frozenWords(freeze, 'frozen', now),
    paused,
    schedule && scheduled(schedule, 'the schedule', now),
  ].filter((each) => each !== undefined);
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

function scheduled(schedule: Schedule, what: string, now: number): string | undefined {
  const expression = holding(schedule, now);
  return expression === undefined ? undefined : `${what} holds it (${expression}, ${schedule.timeZone})`;
}

/** What holds a release; `resume` does not. */
const verbs = { pause: 'paused', terminate: 'terminated', resume: undefined } as const;

function frozenWords(freeze: Freeze, what: string, now: number): string | undefined {
  if (isOver(freeze, now)) return undefined;
  return said(freeze.until === undefined ? what : `${what} until ${freeze.until}`, freeze);
}

function said(
  what: string,
  { by, reason }: { readonly by?: string | undefined; readonly reason?: string | undefined },
) {
  const who = by === undefined ? '' : ` by ${oneLine(by)}`;
  return `${what}${who}${reason === undefined ? '' : `: ${oneLine(reason)}`}`;
}
