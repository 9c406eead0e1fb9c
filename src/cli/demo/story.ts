import { InternalError } from '../../errors.js';
import type { BehaviourOf } from './cluster.js';
import { type LogEntry, readLog } from './ending.js';
import { Stage, type StageOptions } from './stage.js';

/** One act: a version comes in, and what must become of it. */
interface Act {
  readonly title: string;
  readonly image: string;
  readonly version: string;
  readonly end: 'promote' | 'roll back';
}

const good: Act = {
  title: '1  A good version: it answers like the one before',
  image: 'registry.example/reviews:v2',
  version: 'reviews-v2',
  end: 'promote',
};
const bad: Act = {
  title: '2  A bad version: slower, and 8 % of its answers are errors',
  image: 'registry.example/reviews:v3',
  version: 'reviews-v3',
  end: 'roll back',
};

/** Seconds after its end in which a window becomes complete, as the sluice.yaml of the starter has it. */
const delay = 5;
/** Minutes until an act must have ended; the steps of the starter need seven. */
const longestAct = 20;

const behaviourOf: BehaviourOf = (image) =>
  image === bad.image ? { errorRate: 0.08, latency: 35 } : { errorRate: 0.001, latency: 20 };

/**
 * Plays both acts in a repository as `sluice init` leaves it, and returns the log that they leave.
 *
 * @throws InternalError when the log does not say that the good version was promoted and the bad one rolled back
 */
export async function tellStory(options: Omit<StageOptions, 'behaviourOf'>): Promise<LogEntry[]> {
  options.simulator.advance(delay);
  await perform(good, { ...options, behaviourOf });
  const { split } = await perform(bad, { ...options, behaviourOf });
  const log = await readLog(options.folder);
  for (const { version, end } of [good, bad]) {
    const share = end === 'promote' ? 100 : 0;
    if (hasEntry(log, version, end) && split[version] === share) continue;
    throw new InternalError(`Cannot end the demo as planned: ${version} has ${split[version]} % and no ${end}`, {
      code: 'internal/demo-ended-otherwise',
      hint: 'This is a defect of sluice: please report it',
    });
  }
  return log;
}

function hasEntry(log: readonly LogEntry[], version: string, end: Act['end']): boolean {
  return log.some(({ decision, subject }) => decision === end && subject.includes(version));
}

async function perform({ title, image }: Act, options: StageOptions): Promise<Stage> {
  const stage = await Stage.open(title, options);
  await stage.passMinute();
  await stage.addCandidate(image);
  for (let passed = 0; passed < longestAct; passed += 1) {
    await stage.passMinute();
    const decided = await stage.evaluate();
    if (decided === 'promote' || decided === 'roll back') break;
  }
  // Now the traffic follows the commit.
  await stage.passMinute();
  return stage;
}
