import type { Seen } from './scene.js';
import type { Step } from './state.js';
import { after, gone, leaving, listed, namesOf, remaining, without } from './step-parts.js';

/**
 * Takes those under analysis out of the route with a baseline that is broken: nobody is compared with it, and what it
 * answers reaches users. Nothing is found about them, so a person may give them a share again.
 */
export function setAside({ stand, state, ground }: Seen, broken: string): Step {
  const out = stand.progressing;
  const names = namesOf(out);
  const them = out.length === 1 ? 'it' : 'them';
  const reason = `${broken}: nothing is concluded on ${listed(out)}, and nothing is routed to ${them} until a person gives ${them} a share`;
  const trials = [...out.map(gone), ...remaining(ground, names)];
  const next = { phase: 'Paused', paused: reason, trials, settled: state.settled } as const;
  const moved = leaving(ground.cast, names);
  return { kind: 'roll back', moved, reason, route: without(ground.cast, names), state: after(ground, reason, next) };
}
