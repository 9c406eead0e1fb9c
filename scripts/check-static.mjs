// Runs every check that is no test, some at a time, and prints what each said and cost; those that fail come last.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The longest come first. */
const checks = ['types', 'generated', 'dead', 'boundaries', 'lint', 'package'].map((name) => `check:${name}`);

/** Returns what the script printed, how it ended and the seconds that it took. */
function run(name) {
  const start = performance.now();
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', name], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more) => (text += more));
    child.once('error', (error) => resolve({ name, text: `${error.message}\n`, passed: false, seconds: 0 }));
    child.once('close', (code) => {
      resolve({ name, text, passed: code === 0, seconds: Math.round((performance.now() - start) / 1000) });
    });
  });
}

const done = [];
const waiting = [...checks];

async function work() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const check = await run(name);
    done.push(check);
    if (check.passed) process.stdout.write(check.text);
  }
}

await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));

const failed = done.filter(({ passed }) => !passed);
for (const { text } of failed) process.stdout.write(text);
console.log('');
for (const { name, passed, seconds } of done) console.log(`${name}: ${passed ? 'done' : 'FAILED'} (${seconds} s)`);
process.exitCode = failed.length === 0 ? 0 : 1;
