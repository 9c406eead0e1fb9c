import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Backend } from '../src/gitops/backend.js';
import { makeBackend as makeLocal } from '../src/gitops/backends/local.js';
import { makeBackend as makePush } from '../src/gitops/backends/push.js';
import type { CommitPlan } from '../src/gitops/plan.js';
import { defaultGit } from '../src/values/project/git.js';
import { serveRepositories } from '../test/gitops/http-server.js';
import { atMost, type Figure, quantile } from './figure.js';

const RELEASES = 1_000;
const CHANGED = 100;
const FILES = 10_000;
const PASSES = 5;
const LOCAL_GOAL = 1;
const PUSH_GOAL = 3;

/** What a pass that changes 100 of 1,000 releases takes for its commits, in a repository of 10,000 files. */
export async function git(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const root = makeRepository(folder);
    const local = await secondsOfPasses(makeLocal({ directory: root, settings: defaultGit, tell: () => {} }));
    execFileSync('git', ['push', '--quiet', 'origin', 'main'], { cwd: root });
    const server = await serveRepositories(folder);
    execFileSync('git', ['remote', 'set-url', 'origin', `${server.url}/releases.git`], { cwd: root });
    const push = await secondsOfPasses(makePush({ directory: root, settings: defaultGit, tell: () => {} }));
    await server.close();
    const passes = `${CHANGED} commits of a pass, ${FILES} files, median of ${PASSES}`;
    return [
      { name: `${passes}: local`, value: `${local.toFixed(2)} s`, goal: atMost(LOCAL_GOAL, 's', local) },
      { name: `${passes}: push over http`, value: `${push.toFixed(2)} s`, goal: atMost(PUSH_GOAL, 's', push) },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A working copy and the bare repository that it comes from. */
function makeRepository(folder: string): string {
  const root = join(folder, 'working-copy');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root });
  mkdirSync(root);
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.test');
  for (let i = 0; i < RELEASES; i++) for (const { path, content } of changesOf(i, 0)) write(root, path, content);
  for (let i = RELEASES * 4; i < FILES; i++) write(root, `apps/team-${i % 100}/file-${i}.yaml`, `number: ${i}\n`);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'chore: ground');
  git('clone', '--quiet', '--bare', root, join(folder, 'releases.git'));
  git('remote', 'add', 'origin', join(folder, 'releases.git'));
  git('config', '--file', join(folder, 'releases.git/config'), 'http.receivepack', 'true');
  return root;
}

function write(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

let turn = 0;

async function secondsOfPasses(backend: Backend): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < PASSES; i++) {
    turn += 1;
    const plans = Array.from({ length: CHANGED }, (_, n) => planOf((n * 7 + turn) % RELEASES));
    const start = performance.now();
    const published = await backend.publish(await backend.sync(), plans);
    seconds.push((performance.now() - start) / 1000);
    if (published.kind !== 'published' || published.commits.includes(undefined)) throw new Error(published.kind);
  }
  return quantile(seconds, 0.5);
}

function planOf(release: number): CommitPlan {
  return {
    release: `app-${release}`,
    summary: `candidate app-${release}-v2 5 % → 20 %`,
    body: 'app-v2 is as good as app-v1 in every objective; 12,345 requests against 234,567',
    trailers: { decision: 'advance', iteration: turn, verdict: 'pass' },
    changes: changesOf(release, turn),
  };
}

function changesOf(release: number, round: number) {
  const folder = `releases/team-${release % 50}/app-${release}`;
  const lines = (count: number) => Array.from({ length: count }, (_, i) => `key-${i}: ${release}-${i}\n`).join('');
  return [
    { path: `${folder}/values.yaml`, content: `weight: ${round}\n${lines(40)}` },
    { path: `${folder}/status.yaml`, content: `iteration: ${round}\n${lines(25)}` },
    { path: `${folder}/ledger.jsonl`, content: `${lines(30)}{"round": ${round}}\n` },
    { path: `rendered/team-${release % 50}/app-${release}/manifests.yaml`, content: `weight: ${round}\n${lines(250)}` },
  ];
}
