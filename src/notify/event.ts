import { oneLine } from '../gitops/one-line.js';
import type { EventKind } from '../values/project/notifications.js';

/** Something that a pass did, or could not do. Its texts may come from anywhere. */
export interface ReleaseEvent {
  readonly kind: EventKind;
  /** Folders below `releases/`; several where they failed in the same way, none where it is of them all. */
  readonly releases: readonly string[];
  readonly candidate?: string | undefined;
  /** In a few words, such as `roll back reviews-v2 5 % → 0 %`. */
  readonly summary: string;
  /** One sentence. */
  readonly reason: string;
  /** Of a failure, such as `source/unreachable`. */
  readonly code?: string | undefined;
  /** That carried it out. */
  readonly commit?: string | undefined;
  /** Where the candidate is written. */
  readonly written?: { readonly file: string; readonly image: string | undefined } | undefined;
}

/** Returns what an event is about, such as `reviews` or `reviews and 3 others`. */
export function subjectOf({ releases }: ReleaseEvent): string {
  const [first = 'sluice', ...others] = releases;
  if (others.length === 0) return oneLine(first);
  return `${oneLine(first)} and ${others.length} other${others.length === 1 ? '' : 's'}`;
}

/** Returns the events with those failures put together that say the same of several releases. */
export function together(events: readonly ReleaseEvent[]): ReleaseEvent[] {
  const found = new Map<string, ReleaseEvent>();
  for (const [index, event] of events.entries()) {
    const key = event.kind === 'failure' ? JSON.stringify([event.code, event.reason]) : `${index}`;
    const same = found.get(key);
    found.set(key, same === undefined ? event : { ...same, releases: [...same.releases, ...event.releases] });
  }
  return [...found.values()];
}
