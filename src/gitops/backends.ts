import { ConfigError } from '../errors.js';
import type { Backend, BackendInput, MakeBackend } from './backend.js';

/** Every backend by its name, loaded when it is chosen; adding one is a file and an entry here. */
const backends: { readonly [name: string]: () => Promise<{ readonly makeBackend: MakeBackend }> } = {
  local: () => import('./backends/local.js'),
  push: () => import('./backends/push.js'),
  github: () => import('./backends/github.js'),
};

/**
 * Returns the backend that the settings name.
 *
 * @throws ConfigError for one that is not there
 */
export async function openBackend(input: BackendInput): Promise<Backend> {
  const { backend } = input.settings;
  const load = backends[backend];
  if (load !== undefined) return (await load()).makeBackend(input);
  throw new ConfigError(`Cannot commit by ${backend}: this version has no such backend`, {
    code: 'git/no-backend',
    path: 'sluice.yaml',
    hint: `Allowed as git.backend are: ${Object.keys(backends).join(', ')}.`,
  });
}
