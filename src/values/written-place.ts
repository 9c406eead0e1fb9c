import type { WrittenPart } from '../environments/workload-checks.js';
import type { PathSegment } from '../release/contradiction.js';
import type { Values } from './values.js';

/** Returns where a part of a Deployment was written; that of the application is the very object that was read. */
export function placeOf({ part, place }: WrittenPart, { application }: Values): readonly PathSegment[] {
  return part === application.deployment ? ['application', 'deployment'] : place;
}
