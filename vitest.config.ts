import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/slowest-first.js';

/** Files of tests wait nearly half of their time: for other programs, for servers to start, for windows of metrics. */
const maxWorkers = 2 * availableParallelism();

/** What counts the late answers of a second: beside other files it would count their load. */
const alone = ['test/real/traffic/change.test.ts'];

const setupFiles = ['test/setup.ts'];

/**
 * Many files are short: to load the same modules for each would take as long as their tests. What a test changes of its
 * process, such as a variable of the environment, it sets back.
 */
const isolate = false;

const real = {
  setupFiles,
  isolate,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Programs in Go collect their garbage when the heap is five times what lives, not two: Helm, kubectl and the API
  // server take a quarter less of the processors so.
  env: { GOGC: '400' },
};

export default defineConfig({
  test: {
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles,
          include: ['test/**/*.test.ts'],
          exclude: ['test/real/**'],
          // They end what hangs: a machine that is busy with other things takes ten times as long as one that is not.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers,
          isolate,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          exclude: alone,
          ...real,
          maxWorkers,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: { name: 'real-alone', include: alone, ...real, fileParallelism: false, sequence: { groupOrder: 3 } },
      },
    ],
  },
});
