import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, without `.test.ts`: one that began late would run on alone when all others are done. */
const slowest: readonly string[] = [
  'test/real/chart-equality',
  'test/real/git/pull-requests',
  'test/real/traffic/shares',
  'test/real/traffic/mirrors',
  'test/real/traffic/matches',
  'test/real/evaluate',
  'test/real/git/github-faults',
  'test/real/chart-upgrade',
  'test/real/git/faults-ssh',
  'test/real/git/faults-race',
  'test/real/git/faults-server',
  'test/real/chart-command',
  'test/real/istio-table',
  'test/real/whole-table',
  'test/real/telemetry',
  'test/cli/watch/process',
  'test/gitops/pull-requests/pass',
  'test/security/terminal',
  'test/gitops/push-backend',
  'test/cli/evaluate',
  'test/laws/changes',
  'test/cli/bad-workspace',
  'test/package',
  'test/laws/objects',
  'test/gitops/faults-copy',
  'test/gitops/publish',
  'test/synth/chart/chart-schema',
  'test/gitops/push-http',
  'test/cli/sparse',
];

/** Begins with the slowest files, also in a fresh clone, where vitest knows of no earlier run. */
export class SlowestFirst extends BaseSequencer {
  /** @throws Error where a file of the list is gone */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const paths = slowest.map((name) => join(root, `${name}.test.ts`));
    const gone = paths.filter((path) => !existsSync(path));
    if (gone.length > 0) throw new Error(`Cannot begin with the slowest files: there is no ${gone.join(', ')}`);
    const listed = (path: string) => files.filter(({ moduleId }) => moduleId === path);
    const others = files.filter(({ moduleId }) => !paths.includes(moduleId));
    return [...paths.flatMap(listed), ...(await super.sort(others))];
  }
}
