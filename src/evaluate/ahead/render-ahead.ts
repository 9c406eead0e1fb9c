import { ConfigError, InternalError, isSluiceError } from '../../errors.js';
import type { Manifest } from '../../release/model.js';
import { manifestsOf } from '../../synth/manifests.js';
import { applyEdits } from '../../values/edit.js';
import { type LoadedValues, revalued } from '../../values/load.js';
import { type StepAhead, stepsAhead } from './steps-ahead.js';

/** A release as it would be at a step, and its objects. */
export interface RenderedStep {
  readonly loaded: LoadedValues;
  readonly manifests: readonly Manifest[];
}

/**
 * Returns the release as it would be at a step: checked as any values are, and rendered.
 *
 * @throws ConfigError when the values of that step would be refused, or cannot be written in place
 */
export function renderStep(loaded: LoadedValues, step: StepAhead): RenderedStep {
  const then = valuesAt(loaded, step);
  return { loaded: then, manifests: manifestsAt(then, step) };
}

/**
 * Goes all the way of candidates that are about to be let in, before anybody is exposed: every step up to the promotion has
 * to be valid and has to render. Values come first, since they cost least.
 *
 * @throws ConfigError that names the first step which is refused, the rule, its place, and what to do
 */
export function assertPassable(loaded: LoadedValues, candidates: readonly string[]): void {
  const steps = candidates.flatMap((candidate) => stepsAhead(loaded, candidate));
  const checked = steps.map((step) => ({ step, valid: orRefused(loaded, step, () => valuesAt(loaded, step)) }));
  for (const { step, valid } of checked) orRefused(loaded, step, () => manifestsAt(valid, step));
}

function valuesAt(loaded: LoadedValues, { kind, edits }: StepAhead): LoadedValues {
  // What a promotion writes includes what any step does.
  if (kind === 'promotion') applyEdits(loaded.text, edits, { file: loaded.file });
  return revalued(loaded, edits);
}

function manifestsAt({ file, release }: LoadedValues, { candidate, name }: StepAhead): Manifest[] {
  try {
    return manifestsOf(release);
  } catch (error) {
    if (isSluiceError(error)) throw error;
    const current = error instanceof Error ? error.message : String(error);
    throw new InternalError(`Cannot render ${file} with ${candidate} at ${name} as valid values are: ${current}`, {
      code: 'internal/unexpected',
      path: file,
      hint: 'This is a defect of sluice: please report it.',
      cause: error,
    });
  }
}

function orRefused<Result>({ file }: LoadedValues, step: StepAhead, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw refusal(error, step, file);
  }
}

function refusal(error: ConfigError, { candidate, kind, name }: StepAhead, file: string): ConfigError {
  const step = kind === 'promotion' ? 'its promotion' : name;
  const where = `at ${kind === 'promotion' ? `the promotion of ${candidate}` : `${name} for ${candidate}`}, so it is not let in`;
  return new ConfigError(`Cannot let ${candidate} in as planned: ${step} would be refused: ${error.message}`, {
    code: 'evaluate/step-ahead',
    path: file,
    hint: error.hint ?? 'sluice plan shows every step.',
    problems: error.problems.map((problem) => ({ ...problem, message: `${problem.message} (${where})` })),
    cause: error,
  });
}
