#!/usr/bin/env node
import type { Io } from './cli/io.js';
import { parseWords } from './cli/parse-words.js';
import { reportingErrors } from './cli/report-error.js';
import { synthFile } from './cli/synth-file.js';
import { synthSpec } from './cli/synth-spec.js';

// A reader that has seen enough, such as `| head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`sluice: Cannot write the output: ${error.message}\n  hint: Check the place that it goes to.\n`);
  process.exit(2);
});

const io: Io = {
  // Opened when it is read, since that takes its time.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  now: () => Date.now() / 1000,
};

/** `synth --file` is what editors and scripts call again and again, so it is bundled into this file; the rest is loaded. */
async function main(argv: string[]): Promise<number> {
  const [command, ...words] = argv;
  const input = command === 'synth' ? parseWords(synthSpec, words) : undefined;
  if (typeof input === 'object' && typeof input.options.file === 'string') {
    const options = { ...input.options, file: input.options.file };
    return reportingErrors(io.stderr, () => synthFile(options, io));
  }
  return (await import('./cli/run.js')).run(argv, io);
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
