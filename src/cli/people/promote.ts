import { ConfigError } from '../../errors.js';
import { promote as promotion } from '../../evaluate/changes.js';
import { amountOf, movesOf } from '../../evaluate/moves-of.js';
import type { CommandInput } from '../command.js';
import type { Io } from '../io.js';
import { sentence } from './asked.js';
import { type PlanStep, runSteps } from './run-steps.js';
import { exposedIn, replacedByHand, type Standing, targetOf, waitingIn } from './standing.js';
import { type Nothing, stepOf } from './step.js';

/** Makes a candidate the primary now, whatever the evidence says. */
export function promote(input: CommandInput, io: Io): Promise<number> {
  const { version } = input.options;
  const plan = planWith(version === undefined ? undefined : String(version));
  return runSteps(input, io, { command: 'promote', plan });
}

function planWith(named: string | undefined): PlanStep {
  return (standing, { workspace, asked }) => {
    const chosen = chosenBy(standing, named);
    if (typeof chosen !== 'string') return chosen;
    const { model, strategy } = standing.loaded.release;
    const share = strategy.exposureOf(model, chosen);
    const from = chosen === model.primary ? '' : `, which had ${amountOf(movesOf(strategy), share)}`;
    const reason = sentence(asked, `promoted ${chosen}${from}`);
    const clock = { now: asked.now, delay: 0 };
    return stepOf(workspace, promotion(targetOf(standing, [chosen]), { reason, clock }), { standing });
  };
}

function chosenBy(standing: Standing, named: string | undefined): string | Nothing {
  if (named !== undefined) return namedIn(standing, named);
  if (replacedByHand(standing) !== undefined) return standing.loaded.release.model.primary;
  const exposed = exposedIn(standing);
  const [first, ...more] = exposed.length > 0 ? exposed : waitingIn(standing);
  if (first === undefined) return { nothing: 'no version waits to become the primary; --version NAME chooses any' };
  if (more.length === 0) return first;
  throw new ConfigError(
    `Cannot promote a candidate of ${standing.id} as the only one: ${[first, ...more].join(', ')}`,
    {
      code: 'cli/many-candidates',
      path: standing.file,
      hint: 'Say which one: --version NAME.',
    },
  );
}

function namedIn(standing: Standing, named: string): string | Nothing {
  const { id, file, loaded } = standing;
  const { versions, primary } = loaded.release.model;
  if (!versions.some(({ name }) => name === named)) {
    throw new ConfigError(`Cannot promote ${named} of ${id}: it has no version of that name`, {
      code: 'cli/no-such-version',
      path: file,
      hint: `Its versions are: ${versions.map(({ name }) => name).join(', ')}.`,
    });
  }
  // A person may have made it the primary in the values, and no pass has completed that yet.
  const isNoted = replacedByHand(standing) === undefined;
  return named === primary && isNoted ? { nothing: `${named} is the primary` } : named;
}
