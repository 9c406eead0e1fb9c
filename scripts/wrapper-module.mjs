import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './run-command.mjs';

/** Seconds between two lines that say that a compiler is still at work. */
const heartbeat = 30;

/** Returns the first characters of a checksum, for a stamp. */
export function digestOf(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/**
 * A module of ours whose `tool` lines name programs of others: its go.mod and go.sum pin them and all that they are made
 * of, and another dependency is another version.
 *
 * @param name of its folder, here
 * @param options `number` of the version, found in go.mod by default of what `pinned` matches; `flags` of the linker; `tags`
 * of the build
 */
export function wrapperModule(name, { number, pinned, flags, tags = [] }) {
  const folder = fileURLToPath(new URL(`${name}/`, import.meta.url));
  const [module, sums] = ['go.mod', 'go.sum'].map((file) => readFileSync(join(folder, file), 'utf8'));
  const numbered = number ?? pinned.exec(module)[1];
  const linking = flags(numbered);
  const version = `${numbered} ${digestOf([module, sums, linking, ...tags].join('\n'))}`;
  return {
    version,
    number: numbered,
    install: (into, say) => buildModule(folder, { into, linking, tags, say }),
    sourceOf: (dependency) => sourceOf(dependency, folder),
  };
}

/** Returns the folder where Go keeps the sources of a module that this one requires. */
async function sourceOf(dependency, cwd) {
  return (await runCommand('go', ['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', dependency], { cwd })).trim();
}

/** `-mod=readonly` lets nothing in but what go.sum knows, whatever the user's own flags are. */
async function buildModule(cwd, { into, linking, tags, say }) {
  const whenAbsent = 'these programs are compiled with Go: install Go 1.26 or newer';
  say('fetching modules');
  await runCommand('go', ['mod', 'download'], { cwd, whenAbsent });
  await compiled({ say }, () => {
    const env = { ...process.env, GOBIN: into };
    const options = ['-mod=readonly', '-tags', tags.join(','), '-ldflags', `-s -w ${linking}`];
    return runCommand('go', ['install', ...options, 'tool'], { cwd, env });
  });
}

/** Compiles one published program into the folder; Go checks every module against its sum database. */
export async function buildProgram(path, { into, say }) {
  await compiled({ say }, () =>
    runCommand('go', ['install', '-ldflags', '-s -w', path], {
      env: { ...process.env, GOBIN: into },
      whenAbsent: `${path} is compiled with Go: install Go 1.26 or newer`,
    }),
  );
}

let compiling = Promise.resolve();

/** One program after the other: each compiler takes every core, and the next one finds what they have in common done. */
function compiled({ say }, compile) {
  const done = compiling.then(() => compileAloud(say, compile));
  compiling = done.catch(() => {});
  return done;
}

async function compileAloud(say, compile) {
  say('compiling, which takes some minutes where Go has not done it before');
  const start = performance.now();
  const timer = setInterval(() => {
    say(`still compiling after ${Math.round((performance.now() - start) / 1000)} s`);
  }, heartbeat * 1000);
  await compile().finally(() => clearInterval(timer));
}
