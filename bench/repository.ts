import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built program. */
export const program = fileURLToPath(new URL('../dist/bin/sluice.js', import.meta.url));

/** Makes a repository of releases app-0, app-1 and so on in a folder, rendered and committed; returns its commit. */
export function makeReleases(
  root: string,
  count: number,
  { valuesOf, files = {} }: { valuesOf(name: string): string; readonly files?: { readonly [path: string]: string } },
): string {
  const values = Array.from({ length: count }, (_, i) => {
    return [`releases/team-${i % 50}/app-${i}/values.yaml`, valuesOf(`app-${i}`)] as const;
  });
  for (const [path, content] of [...Object.entries(files), ...values]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.test');
  execFileSync(process.execPath, [program, 'synth'], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  git('add', '--all');
  git('commit', '--quiet', '--message', 'chore: ground');
  return git('rev-parse', 'HEAD');
}
