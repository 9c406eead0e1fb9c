import { setTimeout } from 'node:timers/promises';
import { Simulator } from '../sources/simulator.js';
import { serveSimulator } from '../sources/simulator-server.js';
import type { OptionValues } from './command.js';
import { endingOf } from './demo/ending.js';
import { cursor, livePage, type Pause } from './demo/live-page.js';
import { onLeave } from './demo/on-leave.js';
import { plainLog } from './demo/plain-log.js';
import { makeScratchFolder, removeScratchFolder, startRepository } from './demo/scratch-repository.js';
import { screenOf } from './demo/screen.js';
import { tellStory } from './demo/story.js';
import { wrap } from './demo/text.js';
import { exitCodes, type Io } from './io.js';

/** Milliseconds after which a slow machine gives no more time for reading along. */
const patience = 14_000;

/** Seconds by which the simulated clock starts in the past, so that nothing in the repository is dated ahead. */
const headStart = 1800;

/** How the demo is shown. */
export interface DemoOptions {
  /** Whether the repository stays. */
  readonly keep: boolean;
  readonly pause: Pause;
}

/** Shows sluice at its job: simulated traffic, real decisions, and real commits in a temporary repository. */
export async function demo({ keep }: OptionValues, io: Io): Promise<number> {
  const end = performance.now() + patience;
  const pause: Pause = async (milliseconds) => {
    if (performance.now() < end) await setTimeout(milliseconds);
  };
  return showDemo(io, { keep: keep === true, pause });
}

/**
 * Shows the demo at a pace of one's own.
 *
 * @throws GitError when git is not installed; InternalError when the story does not end as it should
 */
export async function showDemo(io: Io, { keep, pause }: DemoOptions): Promise<number> {
  const screen = screenOf(io.stdout, process.env);
  const folder = makeScratchFolder();
  const leave = onLeave(() => {
    if (screen.live) screen.write(cursor.show);
    if (!keep) removeScratchFolder(folder);
  });
  const start = Math.floor((io.now() - headStart) / 60) * 60;
  const simulator = new Simulator({ seed: 12, start });
  const server = await serveSimulator(simulator);
  try {
    await startRepository(server.url, { cwd: folder, now: io.now });
    if (screen.live) screen.write(cursor.hide);
    for (const text of wrap(introduction, Math.min(screen.columns, 78))) screen.print([{ text }]);
    const audience = screen.live ? livePage(screen, pause) : plainLog(screen);
    const log = await tellStory({ simulator, folder, audience });
    for (const line of await endingOf(folder, log)) screen.print(line);
    if (keep) screen.write(`\nThe repository is kept: ${folder}\n${metricsEnded}`);
    return exitCodes.done;
  } finally {
    leave();
    await server.close();
  }
}

const metricsEnded =
  'Its metrics have ended with the demo: sluice status and sluice history tell all; for sluice evaluate put a\n' +
  'Prometheus of your own into sluice.yaml.\n';

const introduction =
  'A service gets two new versions, first a good one, then a bad one. Once a minute sluice looks at its traffic, ' +
  'decides, and commits what it decided. Traffic and clock are simulated; the decisions and the Git commits are real.';
