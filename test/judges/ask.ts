import { readCase } from '../../src/cli/judge/read-case.js';
import { formatProblems } from '../../src/errors.js';
import { type JudgeId, judges } from '../../src/judges/registry.js';
import type { CaseAnswer } from '../../src/release/judge.js';

/** Asks a judge one case, as `sluice judge` does; throws what is wrong with the case. */
export async function ask(id: JudgeId, given: unknown): Promise<CaseAnswer> {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const reading = readCase({ number: 1, bytes: Buffer.from(text) }, 'cases.jsonl', await judges[id].loadCase());
  if (reading.kind === 'answer') return reading.answer;
  throw new Error(reading.kind === 'bad' ? formatProblems(reading.problems) : 'blank');
}

/** The answer as a program reads it. */
export async function answerOf(id: JudgeId, given: unknown): Promise<unknown> {
  return JSON.parse(JSON.stringify((await ask(id, given)).json));
}
