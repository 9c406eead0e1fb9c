import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Mesh } from '../../cli/mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace, scratchFolder } from '../../cli/workspace.js';

const program = fileURLToPath(new URL('../../../dist/bin/sluice.js', import.meta.url));

/** How often a pass is killed in all, half of that for each backend; each costs about 0.4 s of CPU. */
const points = Number(process.env.SLUICE_KILL_POINTS ?? 24);

const names = ['details', 'ratings', 'reviews'];

const values = (name: string) => (reviewsValues + evaluationValues).replaceAll('reviews-', `${name}-`);

/** Most of a pass is reading; this lets more of the moments be those of writing. */
const slowly = '[ -z "$SLOWLY" ] || sleep 0.05';

/** A workspace in which one pass lets three candidates in; and what that pass leaves. */
class Ground {
  readonly #start: string;
  /** What the branch has after a pass that nobody disturbed, without the names of commits. */
  expected: readonly string[] = [];
  /** Milliseconds that such a pass takes. */
  length = 0;

  private constructor(
    readonly workspace: ScratchWorkspace,
    readonly server: string,
  ) {
    this.#start = workspace.head;
  }

  static async open(backend: 'local' | 'push'): Promise<Ground> {
    const mesh = await Mesh.start();
    mesh.services(Object.fromEntries(names.flatMap((name) => [1, 2].map((version) => [`${name}-v${version}`, 0]))));
    const workspace = await ScratchWorkspace.rendered({
      'sluice.yaml': `${mesh.project}git: {backend: ${backend}}\n`,
      ...Object.fromEntries(names.map((name) => [`releases/${name}/values.yaml`, values(name)])),
    });
    const server = scratchFolder();
    workspace.git('init', '--quiet', '--bare', '--initial-branch=main', server);
    workspace.git('remote', 'add', 'origin', server);
    workspace.git('push', '--quiet', '--set-upstream', 'origin', 'main');
    for (const hook of ['reference-transaction', 'post-index-change']) workspace.repository.hook(hook, slowly);
    mesh.flow(workspace);
    workspace.now = mesh.simulator.now;
    const ground = new Ground(workspace, server);
    const begun = performance.now();
    await once(ground.start(), 'exit');
    ground.length = performance.now() - begun;
    ground.expected = ground.state();
    return ground;
  }

  /** Kills a pass after some milliseconds; returns false where it was over by then, which is noted. */
  async killed(after: number, isAlone: boolean): Promise<boolean> {
    const begun = performance.now();
    const child = this.start();
    const ended = once(child, 'exit');
    await Promise.race([delay(after), ended]);
    kill(child.pid, isAlone);
    const [, signal] = await ended;
    if (signal === 'SIGKILL') return true;
    this.length = Math.min(this.length, performance.now() - begun);
    return false;
  }

  /** A pass in a process group of its own, by the clock of the workspace. */
  start() {
    const clock = `data:text/javascript,Date.now=()=>${this.workspace.now * 1000}`;
    return spawn(process.execPath, ['--import', clock, program, 'evaluate'], {
      cwd: this.workspace.folder,
      detached: true,
      env: { ...process.env, SLOWLY: 'yes' },
      stdio: 'ignore',
    });
  }

  /**
   * Waits for what a killed pass had started: a git that nobody stopped is over some milliseconds later, and so before the
   * next pass of any schedule.
   */
  async atRest(): Promise<void> {
    while (isAnyoneIn([this.workspace.folder, this.server])) await delay(20);
  }

  /** Lets what was left become as old as the next pass of a schedule finds it. */
  age(): void {
    const git = join(this.workspace.repository.root, '.git');
    for (const path of readdirSync(join(git, 'refs'), { recursive: true, encoding: 'utf8' })) {
      const lock = join(git, 'refs', path);
      if (path.startsWith('remotes') && path.endsWith('.lock')) utimesSync(lock, 0, 0);
    }
  }

  reset(): void {
    this.workspace.reset(this.#start);
    this.workspace.git('--git-dir', this.server, 'update-ref', 'refs/heads/main', this.#start);
    this.workspace.git('update-ref', 'refs/remotes/origin/main', this.#start);
    // So many passes in a minute would have to wait.
    rmSync(join(this.workspace.folder, '.git/sluice/budget.json'), { force: true });
  }

  /** What others see, and what is here. */
  state(): string[] {
    const { workspace } = this;
    const tree = workspace.git('rev-parse', 'HEAD^{tree}', 'origin/main^{tree}');
    const refs = workspace.git('for-each-ref', '--format=%(refname)');
    return [tree, refs, ...workspace.subjects(), workspace.git('status', '--porcelain'), ...leftovers(workspace)];
  }
}

/** Locks and notes on what is under way, in git's folder; but for a note that was not finished, which nobody reads. */
function leftovers({ repository }: ScratchWorkspace): string[] {
  const paths = readdirSync(join(repository.root, '.git'), { recursive: true, encoding: 'utf8' });
  const ours = (path: string) => path.includes('sluice') && !path.startsWith('objects') && !path.endsWith('.tmp');
  return paths.filter((path) => path.endsWith('.lock') || ours(path));
}

/** Whether a process works in one of the folders. */
function isAnyoneIn(folders: readonly string[]): boolean {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.some((pid) => folders.includes(folderOf(pid)));
}

/** One that has ended meanwhile is in no folder. */
function folderOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

describe.each(['local', 'push'] as const)('sluice evaluate with git.backend %s, killed at any moment', (backend) => {
  it('leaves a whole repository, in which the next pass does what the lost one would have done', async () => {
    const ground = await Ground.open(backend);
    expect(ground.expected.filter((line) => line.endsWith('-v2 0 % → 5 %'))).toHaveLength(names.length);
    const outcomes = new Set<string>();
    const most = points / 2;
    for (let point = 0; point < most; ) {
      ground.reset();
      // With all that it started, as a container is; or alone, so that its gits go on.
      const isAlone = point % 2 === 1;
      const after = ((point + Math.random()) / most) * ground.length;
      if (!(await ground.killed(after, isAlone))) continue;
      point += 1;
      await ground.atRest();
      ground.age();
      const where = `killed ${isAlone ? 'alone' : 'with its gits'} after ${after.toFixed(1)} of ${ground.length.toFixed(0)} ms`;
      const subjects = ground.workspace.subjects(2);
      expect([0, names.length], `${where}: ${subjects}`).toContain(subjects.length);
      outcomes.add(`${subjects.length}`);

      const { code, stdout, stderr } = await ground.workspace.run('evaluate');
      expect(code, `${where}\n${stdout}${stderr}`).toBe(0);
      expect(ground.state(), `${where}\n${stdout}${stderr}`).toEqual(ground.expected);
      ground.workspace.git('fsck', '--strict', '--no-dangling');
    }
    expect(outcomes).toContain('0');
  }, 600_000);
});

/** It may have ended by itself. */
function kill(pid: number | undefined, isAlone: boolean): void {
  if (pid === undefined) throw new Error('the pass was not started');
  try {
    process.kill(isAlone ? pid : -pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
