import { expect } from 'vitest';
import { parseStatus } from '../../../src/evaluate/status.js';
import type { Pass } from './race.js';

/** Runs git where the branch is that was raced for. */
type Git = (...args: readonly string[]) => string;

/** The part of a pass's JSON that a race looks at. */
export interface Report {
  readonly decisions: readonly Landed[];
  readonly rendered: readonly Landed[];
  readonly overtaken: readonly { readonly release: string; readonly reason: string }[];
  readonly deferred: readonly object[];
  readonly failures: readonly { readonly release: string; readonly code?: string; readonly message: string }[];
}

interface Landed {
  readonly release: string;
  readonly commit?: string;
}

const tooOften = /^Cannot publish to refs\/heads\/main before somebody else does, \d+ times over: /;

/** A commit of sluice's on the branch. */
interface Made {
  readonly id: string;
  readonly release: string;
  /** Empty for one that only renders. */
  readonly iteration: string;
}

/**
 * Returns what the passes report. None fails but where others were faster time and again, which is said, leaves the
 * decision to the next pass, and is rare.
 */
export function reportsOf(passes: readonly Pass[]): Report[] {
  const reports = passes.map(({ code, stdout, stderr }) => {
    // A server that moved its branch back is worth a line, and nothing else is.
    expect(stderr).toMatch(/^(origin has moved main to \w+, which is not after \w+\n)*$/);
    const report: Report = JSON.parse(stdout);
    for (const { code, message } of report.failures) {
      expect({ code, message }).toEqual({ code: 'git/moved', message: expect.stringMatching(tooOften) });
    }
    expect({ code, deferred: report.deferred }).toEqual({ code: report.failures.length === 0 ? 0 : 2, deferred: [] });
    return report;
  });
  expect(reports.filter(({ failures }) => failures.length > 0).length).toBeLessThanOrEqual(passes.length / 50);
  return reports;
}

/** Every commit that was reported is on the branch, or was taken from it by force; and every one there was reported once. */
export function assertOnce(git: Git, reports: readonly Report[], rewound: readonly string[] = []): void {
  const reported = reports
    .flatMap(({ decisions, rendered }) => [...decisions, ...rendered])
    .flatMap(({ commit }) => commit ?? []);
  expect(new Set(reported).size).toBe(reported.length);
  const there = madeBySluice(git).map(({ id }) => id);
  expect(reported.filter((commit) => !rewound.includes(commit)).sort()).toEqual(there.sort());
}

/** One line of commits, none of them empty. */
export function assertLinear(git: Git): void {
  const lines = git('log', '--format=%H %T %P', 'main').split('\n');
  const commits = lines.map((line) => line.trim().split(' '));
  const trees = new Map(commits.map(([id, tree]) => [id, tree]));
  const odd = commits.filter(([, tree, parent, another]) => another !== undefined || trees.get(parent) === tree);
  expect(odd).toEqual([]);
}

/** Each decision goes one iteration on from the status that its parent holds, and changes its own release alone. */
export function assertSteps(git: Git): void {
  for (const { id, release, iteration } of madeBySluice(git)) {
    const paths = git('diff-tree', '-r', '--name-only', '--no-commit-id', id).split('\n');
    const own = [`releases/${release}/`, `rendered/${release}/`, 'rendered/.sluice-inventory'];
    expect(paths.filter((path) => !own.some((start) => path.startsWith(start)))).toEqual([]);
    if (iteration === '') continue;
    const [before, after] = [iterationIn(git, `${id}^`, release), iterationIn(git, id, release)];
    expect([after, iteration], `${release} in ${id}`).toEqual([before + 1, `${before + 1}`]);
  }
}

function madeBySluice(git: Git): Made[] {
  const trailers = ['Release', 'Iteration'].map((name) => `%(trailers:key=Sluice-${name},valueonly,separator=)`);
  const lines = git('log', `--format=%H|${trailers.join('|')}`, 'main').split('\n');
  return lines
    .map((line) => line.split('|'))
    .map(([id = '', release = '', iteration = '']) => ({ id, release, iteration }))
    .filter(({ release }) => release !== '');
}

function iterationIn(git: Git, commit: string, release: string): number {
  const path = `releases/${release}/status.yaml`;
  if (git('ls-tree', commit, path) === '') return 0;
  return parseStatus(git('show', `${commit}:${path}`), path).iteration;
}
