import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { CommitPlan } from '../../src/gitops/plan.js';
import { programOf } from '../program.js';
import { Mesh } from './mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace } from './workspace.js';

const file = 'releases/reviews/values.yaml';
const values = reviewsValues + evaluationValues;

/** What the process was about to commit that died. */
const plan: CommitPlan = {
  release: 'reviews',
  summary: 'unfinished',
  trailers: {},
  changes: [
    { path: file, content: `# half written\n${values}` },
    { path: 'releases/reviews/status.yaml', content: 'phase: Initializing\niteration: 1\nmessage: x\nsettled: []\n' },
  ],
};

describe('an unfinished write of our own', () => {
  it('is undone where its commit was not made, and the pass goes on', async () => {
    const { mesh, workspace } = await ground();
    await diesWriting(workspace, 'exit 1');
    expect(workspace.read(file)).toContain('half written');

    const { code, stdout, stderr } = await mesh.pass(workspace);
    expect(code).toBe(0);
    expect(stderr).toBe('undone what an earlier run had left half written\n');
    expect(stdout).toContain('reviews: candidate reviews-v2 0 % → 5 %\n');
    expect(workspace.read(file)).toBe(values.replace('weight: 100', 'weight: 95').replace('weight: 0', 'weight: 5'));
    expect(workspace.subjects(2)).toEqual(['chore(reviews): candidate reviews-v2 0 % → 5 %']);
    expect(workspace.git('status', '--porcelain')).toBe('');
  });

  it('is finished where its commit was made, and the pass goes on', async () => {
    const { mesh, workspace } = await ground();
    await diesWriting(workspace, 'exit 0');
    const { code, stdout, stderr } = await mesh.pass(workspace);
    expect({ code, stderr }, stdout).toEqual({
      code: 0,
      stderr: 'finished what an earlier run had left half written\n',
    });
    expect(workspace.subjects(2)).toEqual([
      'chore(reviews): unfinished',
      'chore(reviews): candidate reviews-v2 0 % → 5 %',
    ]);
    expect(workspace.read(file)).toBe(
      `# half written\n${values.replace('weight: 100', 'weight: 95').replace('weight: 0', 'weight: 5')}`,
    );
    expect(workspace.git('status', '--porcelain')).toBe('');
  });

  it('is left alone where a person has changed its files since: refused, and nothing changes', async () => {
    const { workspace } = await ground();
    await diesWriting(workspace, 'exit 1');
    workspace.write(file, `${values}# mine\n`);
    const before = workspace.fingerprint();
    const { code, stdout, stderr } = await workspace.run('evaluate');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^sluice: Cannot undo what process \d+ left as nobody else changed it: .*\n {2}at: .*\n {2}hint: Commit these/,
    );
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('is not touched by a dry run', async () => {
    const { workspace } = await ground();
    await diesWriting(workspace, 'exit 1');
    const before = workspace.fingerprint();
    expect(await workspace.run('evaluate', '--dry-run')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('releases/reviews/values.yaml, releases/reviews/status.yaml differ from HEAD'),
    });
    expect(workspace.fingerprint()).toEqual(before);
  });
});

async function ground() {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0, 'reviews-v2': 0 });
  const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, [file]: values });
  return { mesh, workspace };
}

/**
 * Lets a process of its own write the plan, and kills it when git is about to commit; then the hook ends as given. In
 * commit-msg git has read the message; before, it gives up when the process that was to send it dies.
 */
async function diesWriting(workspace: ScratchWorkspace, end: 'exit 0' | 'exit 1'): Promise<void> {
  workspace.repository.hook('commit-msg', `kill -9 "$WRITER"; ${end}`);
  const writer = programOf(new URL('../gitops/writer.ts', import.meta.url));
  const argv = [writer, workspace.repository.root, JSON.stringify(plan)];
  const [, signal] = await once(spawn(process.execPath, argv, { stdio: 'inherit' }), 'exit');
  expect(signal).toBe('SIGKILL');
  // git outlives the process that started it, and gives its lock away once the commit is made or refused.
  await vi.waitFor(() => expect(workspace.exists('.git/index.lock')).toBe(false), { timeout: 30_000 });
  workspace.remove('.git/hooks/commit-msg');
}
