// Adds up the parts that .ci/run ran: node sum-up.mjs FOLDER NAME:tests|NAME:steps…
// The folder holds NAME.log, NAME.status and NAME.seconds of every part. Of `tests`, the tests in the log are counted;
// `steps` has none, and counts as one failure if it failed. Nothing is skipped in silence: a skipped test counts as failed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const [folder = '', ...parts] = process.argv.slice(2);

/** Returns the figures of vitest's last line of sums, such as `Tests  1 failed | 41 passed | 2 skipped (44)`. */
function testsIn(log) {
  const sums = log.match(/^\s*Tests\s.*\(\d+\)\s*$/gm)?.at(-1);
  if (sums === undefined) return undefined;
  const figure = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(sums)?.[1] ?? 0);
  return { passed: figure('passed'), failed: figure('failed'), skipped: figure('skipped') + figure('todo') };
}

/** Names the scripts that are said to have failed, else the one that npm started last, such as `check:types`. */
function culprit(log) {
  const failed = [...log.matchAll(/^(\S+): FAILED \(/gm)].map(([, name]) => name);
  if (failed.length > 0) return `, ${failed.join(', ')}`;
  const name = [...log.matchAll(/^> \S+@\S+ (\S+)$/gm)].at(-1)?.[1];
  return name === undefined ? '' : `, in or after npm run ${name}`;
}

function numberIn(file) {
  return Number(readFileSync(join(folder, file), 'utf8'));
}

function sumOf([name, kind]) {
  // Some programs print colours whatever NO_COLOR says.
  const log = stripVTControlCharacters(readFileSync(join(folder, `${name}.log`), 'utf8'));
  const [status, seconds] = ['status', 'seconds'].map((file) => numberIn(`${name}.${file}`));
  const tests = kind === 'tests' ? testsIn(log) : undefined;
  const reasons = [];
  if (tests?.failed) reasons.push(`failed tests: ${tests.failed}`);
  else if (status !== 0) reasons.push(`exit ${status}${culprit(log)}`);
  if (kind === 'tests' && tests === undefined) reasons.push('it ran no tests');
  if (tests?.skipped) reasons.push(`skipped tests: ${tests.skipped}`);
  const { passed = 0, failed = 0, skipped = 0 } = tests ?? {};
  return { name, reasons, seconds, passed, failed: Math.max(failed + skipped, reasons.length > 0 ? 1 : 0) };
}

const sums = parts.map((part) => sumOf(part.split(':')));
console.log('');
for (const { name, reasons, seconds } of sums)
  console.log(`${name}: ${reasons.length === 0 ? 'done' : `FAILED: ${reasons.join(', ')}`} (${seconds} s)`);
const total = (key) => sums.reduce((sum, each) => sum + each[key], 0);
console.log(`${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') === 0 ? 0 : 1;
