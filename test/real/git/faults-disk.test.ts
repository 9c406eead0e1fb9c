import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { localGround, type PushGround, pushGround } from '../../gitops/grounds.js';
import { change, planOf } from '../../gitops/plans.js';
import { type ScratchRepository, scratchFolder } from '../../gitops/scratch-repository.js';
import { programOf } from '../../program.js';
import type { Kind, Try } from './full-disk.js';

/** A disk of two megabytes that is gone with the process, for which it needs no rights. */
const smallDisk = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c'];
const mounting = 'mount -t tmpfs -o size=2m none "$1" && shift && exec "$@"';

describe('a full disk: said, nothing is lost, and the next pass goes on', () => {
  test.each([
    ['local', 'under the repository'],
    ['clone', 'under the working copy of a push'],
    ['server', 'under the server'],
  ] as const)('%s: %s', (kind, _) => {
    const tries = triesOn(kind);
    const last = tries.pop();
    expect(last).toMatchObject({ outcome: 'published', told: '' });
    expect(tries.length).toBeGreaterThan(2);
    for (const { blocks, outcome, told, left, next } of tries) {
      const words = outcome === 'published' ? told : outcome.hint;
      expect(words, `${blocks}`).toMatch(/room/i);
      if (left !== undefined) expect(left).toEqual({ commits: 1, content: '1\n', status: 'M foreign', journal: false });
      expect(next).toEqual({ commits: 2, content: '2\n', status: 'M foreign', journal: false });
    }
  });
});

function triesOn(kind: Kind): Try[] {
  const disk = scratchFolder();
  const [file = '', ...args] = [
    ...smallDisk,
    mounting,
    'sh',
    disk,
    process.execPath,
    programOf(new URL('./full-disk.ts', import.meta.url)),
    kind,
    disk,
  ];
  const output = execFileSync(file, args, { encoding: 'utf8' });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a working copy that may not be written: said, nothing is lost, and the next pass goes on', () => {
  const files = { 'r/a': '1\n', foreign: '1\n' };

  test.each([
    ['all of it', '.', 'fast-import'],
    ['the folder of git', '.git', 'fast-import'],
    ['a folder of releases', 'r', "code: 'git/not-written'"],
    ['the folder of the journal', '.git/sluice', "code: 'git/journal-not-written'"],
  ])('local: %s', (_, folder, words) => {
    const { copy } = localGround(files);
    copy.write('.git/sluice/budget.json', '{}');
    assertSaid(copy, folder, { backend: 'local', words });
    expect(copy.git('rev-list', '--count', 'HEAD')).toBe('1');
    assertNext(copy, 'local');
  });

  test.each([
    ['a folder of releases', 'r', ''],
    ['the folder of the journal', '.git/sluice', ': Cannot keep a journal for '],
  ])('push: %s, though the server takes the commits', (_, folder, words) => {
    const { copy, git }: PushGround = pushGround(files);
    copy.write('.git/sluice/budget.json', '{}');
    assertSaid(copy, folder, { backend: 'push', words: `published, but the working copy stays behind${words}` });
    expect(git('rev-list', '--count', 'main')).toBe('2');
    assertNext(copy, 'push');
    expect(git('rev-list', '--count', 'main')).toBe('2');
  });
});

function assertSaid(
  copy: ScratchRepository,
  folder: string,
  { backend, words }: { readonly backend: string; readonly words: string },
): void {
  copy.write('foreign', 'mine\n');
  execFileSync('chmod', ['-R', 'a-w', folder], { cwd: copy.root });
  try {
    const said = publishFrom(copy, backend);
    expect(said).toContain(words);
    expect(said).toMatch(/hint: ['"]?Check .*who may write/);
    expect([copy.read('r/a'), copy.exists('r/b'), copy.read('foreign')]).toEqual(['1\n', false, 'mine\n']);
  } finally {
    execFileSync('chmod', ['-R', 'u+w', folder], { cwd: copy.root });
  }
  expect(copy.status()).toEqual([' M foreign']);
}

function assertNext(copy: ScratchRepository, backend: string): void {
  expect(publishFrom(copy, backend)).toContain('published');
  expect([copy.read('r/a'), copy.read('r/b')]).toEqual(['2\n', '2\n']);
  expect(copy.status()).toEqual([' M foreign']);
}

/** Returns all that a process of its own said. To root permissions mean nothing, unless it gives that up. */
function publishFrom({ root }: ScratchRepository, backend: string): string {
  const meek = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
  const plans = JSON.stringify([planOf('one', [change('r/a', '2\n'), change('r/b', '2\n')])]);
  const [file = '', ...args] = [
    ...meek,
    process.execPath,
    programOf(new URL('../../gitops/publisher.ts', import.meta.url)),
    backend,
    root,
    plans,
  ];
  const { stdout, stderr } = spawnSync(file, args, { encoding: 'utf8' });
  return stdout + stderr;
}
