/** A process of its own that makes passes one after the other, and tells of each in a line: `race-evaluator.ts ORDERS`. */
import { Readable } from 'node:stream';
import { run } from '../../../src/cli/run.js';
import type { Orders } from './race.js';

const { cwd, passes, clock, release }: Orders = JSON.parse(process.argv[2] ?? '');

const now = () => clock.begin + Math.floor(((Date.now() - clock.at) / 1000) * clock.speed);

for (let pass = 0; pass < passes; pass++) {
  const said = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof said) => ({
    write(text: string) {
      said[name] += text;
    },
  });
  const io = { stdin: Readable.from([]), stdout: sink('stdout'), stderr: sink('stderr'), cwd, now };
  const code = await run(['evaluate', ...(release ?? []), '-o', 'json'], io);
  process.stdout.write(`${JSON.stringify({ code, ...said })}\n`);
}
