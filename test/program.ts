import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterFile } from './clean-up.js';

/** Inside of the package, whose files some of them look for. */
const programs = fileURLToPath(new URL('../.cache/programs/', import.meta.url));

/** What packages that are bundled need where they are no modules themselves. */
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };

const made = new Map<string, string>();

/**
 * Returns the path of a program made of the sources as they are now, for processes of their own, until the tests of the
 * file are over. To compile the sources would take each process five times as long as to start this.
 *
 * @param source an entry of the sources or of the tests, such as `src/bin.ts`
 */
export function programOf(source: URL): string {
  const known = made.get(source.href) ?? build(fileURLToPath(source));
  made.set(source.href, known);
  return known;
}

function build(source: string): string {
  mkdirSync(programs, { recursive: true });
  const outdir = mkdtempSync(programs);
  afterFile(() => {
    made.clear();
    rmSync(outdir, { recursive: true, force: true });
  });
  const options = { bundle: true, splitting: true, platform: 'node', format: 'esm', target: 'node20' } as const;
  buildSync({ ...options, banner, entryPoints: [source], outdir, outExtension: { '.js': '.mjs' } });
  return join(outdir, basename(source).replace('.ts', '.mjs'));
}
