import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { run } from '../src/cli/run.js';
import { programOf } from './program.js';

const top = fileURLToPath(new URL('..', import.meta.url));
const values = 'templates/values/istio-blue-green.yaml';

function bin(...words: string[]) {
  const args = [programOf(new URL('../src/bin.ts', import.meta.url)), ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: top, encoding: 'utf8' });
  return { status, stdout, stderr };
}

async function runInProcess(...words: string[]) {
  const texts = { stdout: '', stderr: '' };
  const into = (stream: keyof typeof texts) => ({
    write: (text: string) => {
      texts[stream] += text;
    },
  });
  const io = { stdin: process.stdin, stdout: into('stdout'), stderr: into('stderr'), cwd: top, now: () => 0 };
  return { status: await run(words, io), ...texts };
}

describe('bin', () => {
  // `synth --file` does not go through the table of commands there; nobody may notice.
  test.each([
    ['a file', ['synth', '-f', values, '--name', 'reviews', '-n', 'shop']],
    ['a file that is not there', ['synth', '--file', 'no-such-file.yaml']],
    ['a file and a typo', ['synth', '-f', values, '--nmae', 'reviews']],
    ['a word too many', ['synth', '-f', values, 'reviews']],
    ['a command that there is not', ['synht', '-f', values]],
    ['help', ['synth', '-f', values, '--help']],
  ])('answers as run() does: %s', async (_, words) => {
    expect(bin(...words)).toEqual(await runInProcess(...words));
  });
});
