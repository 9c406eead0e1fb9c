import type { Decision } from '../../evaluate/decision.js';
import type { Files, Overtaken } from '../../gitops/proposal.js';
import { projectFile } from '../workspace.js';
import type { Nothing, Step } from './step.js';

/** As which decision every command of a person waits for a merge; undefined for what waits where everything does. */
const kinds = {
  pause: 'hold',
  resume: 'hold',
  abort: 'hold',
  freeze: 'hold',
  unfreeze: 'hold',
  promote: 'promote',
  rollback: 'roll back',
  candidate: undefined,
} as const satisfies { readonly [name: string]: Decision['kind'] | undefined };

/** What a person can command. */
export type Command = keyof typeof kinds;

/** Returns as which decision a command waits for a merge; undefined for one that waits where everything does. */
export function kindOf(command: Command): Decision['kind'] | undefined {
  return kinds[command];
}

/** Whether part of the budget is kept for a command: for one that takes traffic from a candidate. */
export function isUrgent(command: Command): boolean {
  return command === 'rollback' || command === 'abort';
}

/** Whether a step changes the settings, which count for every release. */
export function isForAll({ plan }: Step): boolean {
  return plan.changes.some(({ path }) => path === projectFile);
}

/** Something that a command wants to commit. */
export interface Wish {
  readonly id: string;
  plan(files: Files): Step | Nothing | Overtaken;
}
