/** A process of its own that commits one plan, so that tests can kill it: `writer.ts ROOT PLAN` with the plan as JSON. */
import { commitLocally } from '../../src/gitops/commit.js';
import { openRepository } from '../../src/gitops/repository.js';

const [root = '', plan = ''] = process.argv.slice(2);
// Hooks find in it whom to kill.
process.env.WRITER = `${process.pid}`;
try {
  console.log(await commitLocally(await openRepository(root), JSON.parse(plan)));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
