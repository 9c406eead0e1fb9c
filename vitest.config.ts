import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** On two cores vitest's own would be one. */
const maxWorkers = availableParallelism();

/** What counts the late answers of a second: beside other files it would count their load. */
const alone = ['test/real/traffic/change.test.ts'];

const real = { testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/real/**'],
          testTimeout: 120_000,
          maxWorkers,
          // Many files are short: to load the same modules for each would take as long as their tests. What a test changes of
          // its process, such as a variable of the environment, it sets back.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          exclude: alone,
          ...real,
          // More of them at once would wait for one another: each has servers of its own.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: { name: 'real-alone', include: alone, ...real, fileParallelism: false, sequence: { groupOrder: 3 } },
      },
    ],
  },
});
