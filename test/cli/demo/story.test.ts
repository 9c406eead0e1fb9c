import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Audience } from '../../../src/cli/demo/scene.js';
import { startRepository } from '../../../src/cli/demo/scratch-repository.js';
import { tellStory } from '../../../src/cli/demo/story.js';
import { InternalError } from '../../../src/errors.js';
import { Simulator } from '../../../src/sources/simulator.js';
import { type SimulatorServer, serveSimulator } from '../../../src/sources/simulator-server.js';
import { scratchFolder } from '../workspace.js';

let server: SimulatorServer;
afterEach(() => server.close());

it('tellStory() reports an end other than the planned one as a defect', async () => {
  const folder = scratchFolder();
  const simulator = new Simulator({ seed: 1, start: 1_700_000_040 });
  server = await serveSimulator(simulator);
  await startRepository(server.url, { cwd: folder, now: () => simulator.now });

  const meddler: Audience = {
    async seeTraffic() {},
    async hearNews({ happenings }) {
      if (happenings.at(-1)?.summary === 'add candidate reviews-v3') allowEverything(folder);
    },
  };
  const story = tellStory({ simulator, folder, audience: meddler });
  await expect(story).rejects.toThrow(InternalError);
  await expect(story).rejects.toThrow('Cannot end the demo as planned: reviews-v2 has 0 %');
});

/** So that the bad version is promoted too. */
function allowEverything(folder: string): void {
  const file = join(folder, 'releases/reviews/values.yaml');
  const text = readFileSync(file, 'utf8')
    .replace('upperLimit: 0.01', 'upperLimit: 0.99')
    .replace('maxRatio: 1.2', 'maxRatio: 9');
  writeFileSync(file, text);
  execFileSync('git', ['commit', '--quiet', '--all', '--message', 'chore: by hand'], { cwd: folder });
}
