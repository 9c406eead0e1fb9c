import type { Override, Shares } from '../../release/policy.js';
import { primaryBySplit } from '../../release/split-primary.js';
import { promoted, terminated } from './endings.js';
import type { Scene, Seen } from './scene.js';
import type { Exposed, Step } from './state.js';
import { listed } from './step-parts.js';
import { noted } from './steps.js';

/** Ends the analysis as `rollout.override` says, whatever it found so far; undefined where that is done. */
export function ended(seen: Seen): Step | undefined {
  const { scene, stand, ground } = seen;
  const { override, onTermination } = scene.rollout;
  if (override?.action !== 'terminate') return undefined;
  const { split } = override;
  const exposed = scene.others.filter(({ share }) => share > 0);
  const about = scene.others.filter(({ name, share }) => share > 0 || (split?.[name] ?? 0) > 0);
  const unfinished = [...stand.progressing, ...stand.adopting, ...stand.changed, ...stand.withdrawn];
  if (unfinished.length === 0 && !isElsewhere(exposed, split)) return undefined;
  const winner = split && winnerBy(split, scene);
  const reason = said(`terminated the analysis of ${listed(about.length > 0 ? about : unfinished)}`, override);
  if (winner !== undefined) {
    const beside = about.filter(({ name }) => name !== winner.name).map(({ name }) => [name, split?.[name] ?? 0]);
    return promoted(ground, winner, reason, { beside: Object.fromEntries(beside) });
  }
  const keeps = split === undefined && onTermination === 'keep-last';
  const shares = about.map(({ name, share }) => [name, keeps ? share : (split?.[name] ?? 0)] as const);
  return terminated(ground, about.length > 0 ? about : unfinished, { shares: Object.fromEntries(shares), reason });
}

/** Copies take nothing from the primary: of them only all make a candidate the primary. */
function winnerBy(split: Shares, { others, moves }: Scene): Exposed | undefined {
  const names = others.map(({ name }) => name);
  const winner = moves === 'shares' ? primaryBySplit(split, names) : names.find((name) => split[name] === 100);
  return others.find(({ name }) => name === winner);
}

/** Whoever a split does not name is to have nothing; without a split, what is ended may keep what it has. */
function isElsewhere(exposed: readonly Exposed[], split: Override['split']): boolean {
  if (split === undefined) return false;
  return exposed.some(({ name, share }) => (split[name] ?? 0) !== share);
}

/** A person lets go on what the evaluator has paused; undefined where it has not. */
export function resumed({ scene, state, stand, look, ground }: Seen): Step | undefined {
  const { override } = scene.rollout;
  if (override?.action !== 'resume' || state.paused === undefined || stand.progressing.length === 0) return undefined;
  const { interval } = scene.analysis;
  const since = Math.ceil(look.now / interval) * interval;
  const reason = said(`let ${listed(stand.progressing)} go on`, override);
  return noted(ground, stand.progressing, { phase: 'Progressing', since, reason });
}

function said(does: string, { by, reason }: Override): string {
  return `${by ?? 'a person'} ${does}${reason === undefined ? '' : `: ${reason}`}`;
}
