import type { Contradiction } from '../release/contradiction.js';
import { primaryOf } from '../release/model.js';
import type { RouteMatch } from '../release/route-plan.js';
import type { Lint } from './lint.js';

/** What HTTP calls safe: asked twice, nothing more has happened. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Copies of requests that write: the candidate's side effects are real, and each happens twice. */
export const mutatingMirror: Lint = {
  id: 'mutating-mirror',
  severity: 'warning',
  find({ loaded: { release } }): Contradiction[] {
    const { strategy, environment, model } = release;
    // Predictions are asked by POST and change nothing.
    if (strategy.needs !== 'mirror' || environment.workloads === 'InferenceService') return [];
    if (model.versions.length < 2) return [];
    const grpc = primaryOf(model).protocol === 'grpc';
    const hint = grpc
      ? 'Name the methods that only read, each in a match of the application.'
      : 'Copy only what reads: give the application a match for the methods GET and HEAD.';
    const message = 'copies every request, also those that write';
    if (model.matches.length === 0) return [{ path: ['application', 'strategy'], message, hint }];
    return model.matches
      .filter((match) => !(grpc ? namesMethod(match) : isSafe(match)))
      .map(({ place }) => ({ path: place, message: 'copies requests of any method, also those that write', hint }));
  },
};

function isSafe({ method }: RouteMatch): boolean {
  return method !== undefined && safeMethods.has(method.toUpperCase());
}

/** Every call of gRPC is a POST; which of them only read, its author alone knows. */
function namesMethod({ call }: RouteMatch): boolean {
  return call?.method !== undefined;
}
