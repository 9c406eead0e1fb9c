import type { ReleaseEvent } from '../../src/notify/event.js';
import { type Audience, notify } from '../../src/notify/notify.js';
import { loadProject } from '../../src/values/project.js';
import { ScratchRepository } from '../gitops/scratch-repository.js';

/** A decision that was carried out. */
export const rollBack: ReleaseEvent = {
  kind: 'roll back',
  releases: ['reviews'],
  candidate: 'reviews-v2',
  summary: 'roll back reviews-v2 5 % → 0 %',
  reason: 'reviews-v2 breaks error-rate: 30 % of 300 requests failed',
  commit: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
};

export function failureOf(release: string, code = 'source/unreachable', reason = 'Cannot reach it'): ReleaseEvent {
  return { kind: 'failure', releases: [release], summary: 'could not run', reason, code };
}

/** Everything there is to be told by a sluice.yaml with these notifications, in a repository of its own. */
export class Teller {
  readonly repository = new ScratchRepository({ notes: '' });

  constructor(
    private readonly yaml: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly also: Partial<Audience> = {},
  ) {}

  tell(events: readonly ReleaseEvent[], releases = ['reviews'], known = ['reviews', 'ratings']) {
    const { notifications, git } = loadProject(this.yaml, 'sluice.yaml');
    const { root } = this.repository;
    const audience = { notifications, git, folder: root, isPublished: true, env: this.env };
    return notify(events, { ...audience, looked: { releases, known }, ...this.also });
  }
}
