import { EventEmitter, once } from 'node:events';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, formatProblems, type Problem } from '../errors.js';
import { judges } from '../judges/registry.js';
import type { AnswerCase, CaseAnswer, Judge, Outcome } from '../release/judge.js';
import { nearest } from '../values/check-shape.js';
import type { CommandInput, OptionValues } from './command.js';
import { exitCodes, type Io } from './io.js';
import { linesOf } from './judge/lines.js';
import { type Reading, readCase } from './judge/read-case.js';
import { formatAnswer, formatTally, isColourful } from './judge/report.js';
import { outputFormat } from './output-format.js';
import { unreadable } from './read-text.js';
import { reportNotices } from './report-error.js';

/** What one option asks for is told apart by whether a release is named. */
const ofPast = ['from', 'to', 'baseline', 'candidate'] as const;

/** Judges a past stretch of a release, where one is named, else the cases of a file. */
export async function judge(input: CommandInput, io: Io): Promise<number> {
  const { argument, options } = input;
  if (argument === undefined) {
    const foreign = ofPast.find((option) => options[option] !== undefined);
    if (foreign !== undefined) throw unfit(`--${foreign} is for a release, and none is named`);
    if (options.judge === undefined) throw unfit('--judge is missing');
    if (options.file === undefined) throw unfit('--file is missing');
    return judgeCases(options, io);
  }
  if (options.file !== undefined) throw unfit(`--file is for cases, but the release ${argument} is named`);
  const { judgePast } = await import('./judge/past.js');
  return judgePast(input, io);
}

function unfit(current: string): ConfigError {
  return new ConfigError(`Cannot judge as it is asked for: ${current}`, {
    code: 'cli/arguments',
    hint: 'For cases: sluice judge --judge NAME -f FILE; for a past stretch of a release: sluice judge RELEASE --from TIME. See sluice judge --help.',
  });
}

/**
 * Answers every case of a file, in order, one at a time. A line that is no case is reported on stderr, answered with
 * what is wrong, and makes the exit code 2; the others are answered all the same. Else a single case decides: 1 for a
 * fail, 3 for inconclusive. With several the answers say it, and the code is 0.
 */
async function judgeCases({ judge: id, file, output }: OptionValues, io: Io): Promise<number> {
  const format = outputFormat(output, 'the answers', ['text', 'json']);
  const answerCase = await loadCase(String(id));
  const shown = file === '-' ? 'stdin' : String(file);
  const print = printer(io, format);
  const tally = new Tally();
  for await (const line of linesOf(chunksOf(String(file), io))) {
    const reading = readCase(line, shown, answerCase);
    if (reading.kind === 'blank') continue;
    tally.add(reading);
    reportLine(reading, { file: shown, line: line.number }, io);
    await print(reading, line.number);
  }
  if (tally.all === 0) throw noCase(shown);
  if (format === 'text' && tally.all > 1) io.stdout.write(formatTally(tally.found));
  return tally.exitCode();
}

async function loadCase(id: string): Promise<AnswerCase> {
  const all: { readonly [id: string]: Judge } = judges;
  const found = Object.hasOwn(all, id) ? all[id] : undefined;
  if (found?.loadCase !== undefined) return found.loadCase();
  const known = Object.keys(all).filter((each) => all[each]?.loadCase !== undefined);
  const near = nearest(id, known);
  throw new ConfigError(`Cannot judge with ${id} as a judge of cases: there is none of that name`, {
    code: 'cli/arguments',
    hint: `${near === undefined ? '' : `Did you mean ${near}? `}Allowed are: ${known.join(', ')}.`,
  });
}

/** @throws ConfigError when the file cannot be read */
async function* chunksOf(file: string, io: Io): AsyncGenerator<Buffer | string> {
  try {
    yield* file === '-' ? io.stdin : createReadStream(resolve(io.cwd, file));
  } catch (error) {
    throw unreadable(file === '-' ? 'stdin' : file, error);
  }
}

type Printer = (reading: Exclude<Reading, { kind: 'blank' }>, line: number) => Promise<void>;

/** Waits for a reader that is slower than the judge, so that answers do not pile up. */
function printer({ stdout }: Io, format: 'text' | 'json'): Printer {
  const colour = isColourful(stdout, process.env);
  return async (reading, line) => {
    const text = format === 'json' ? jsonOf(reading) : textOf(reading, line, colour);
    if (text !== '' && stdout.write(text) === false && stdout instanceof EventEmitter) await once(stdout, 'drain');
  };
}

function jsonOf(reading: Parameters<Printer>[0]): string {
  const { id } = reading;
  const answer = reading.kind === 'answer' ? reading.answer.json : { id, error: formatProblems(reading.problems) };
  return `${JSON.stringify(answer)}\n`;
}

function textOf(reading: Parameters<Printer>[0], line: number, colour: boolean): string {
  if (reading.kind === 'bad') return '';
  return formatAnswer(reading.answer, typeof reading.id === 'object' ? `line ${line}` : String(reading.id), colour);
}

function reportLine(reading: Reading, { file, line }: { readonly file: string; readonly line: number }, io: Io): void {
  if (reading.kind === 'bad') io.stderr.write(`${formatProblems(reading.problems)}\n`);
  if (reading.kind !== 'answer') return;
  const notice = (message: string): Problem => ({ file, line, column: 1, path: '', message });
  reportNotices((reading.answer.remarks ?? []).map(notice), io.stderr);
}

/** Counts what was found, and remembers what the exit code takes. */
class Tally {
  readonly found = new Map<string, number>();
  all = 0;
  #last: CaseAnswer['outcome'];

  add(reading: Exclude<Reading, { kind: 'blank' }>): void {
    const outcome = reading.kind === 'answer' ? reading.answer.outcome : undefined;
    const found = reading.kind === 'bad' ? 'no case' : (outcome ?? 'answered');
    this.found.set(found, (this.found.get(found) ?? 0) + 1);
    this.all += 1;
    this.#last = outcome;
  }

  exitCode(): number {
    if (this.found.has('no case')) return exitCodes.couldNotRun;
    return this.all === 1 && this.#last !== undefined ? codes[this.#last] : exitCodes.done;
  }
}

const codes: { readonly [O in Outcome]: number } = {
  pass: exitCodes.done,
  marginal: exitCodes.done,
  fail: exitCodes.judgedFail,
  inconclusive: exitCodes.inconclusive,
};

function noCase(file: string): ConfigError {
  return new ConfigError(`Cannot judge ${file} as JSON Lines: it holds no case`, {
    code: 'cli/no-case',
    path: file,
    hint: 'Write one case a line: docs/judges.md shows what each judge takes.',
  });
}
