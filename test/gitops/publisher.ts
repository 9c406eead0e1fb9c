/** A process of its own that publishes plans, so that tests can kill it: `publisher.ts BACKEND ROOT PLANS`. */
import { openBackend } from '../../src/gitops/backends.js';
import { defaultGit, type GitSettings } from '../../src/values/project/git.js';

const [backend = 'local', directory = '', plans = ''] = process.argv.slice(2);
// Hooks find in it whom to kill.
process.env.WRITER = `${process.pid}`;
const settings = { ...defaultGit, backend: backend as GitSettings['backend'] };
const made = await openBackend({ directory, settings, tell: (text) => console.error(text) });
const published = await made.publish(await made.sync(), JSON.parse(plans));
console.log(published.kind);
