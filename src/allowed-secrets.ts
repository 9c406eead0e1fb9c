import { resolve } from 'node:path';
import { ConfigError } from './errors.js';

/** Where who starts sluice names all that it may read secrets from: variables and paths of files, by commas. */
const listVariable = 'SLUICE_SECRETS';

/**
 * Refuses a place of a secret that is not among those of `SLUICE_SECRETS`. Without that variable all are allowed.
 *
 * @param key where the settings name it, such as `git.token`
 * @throws ConfigError when it is not
 */
export function assertAllowed(
  source: { readonly env: string } | { readonly file: string },
  key: string,
  { root, env }: { readonly root: string; readonly env: { readonly [name: string]: string | undefined } },
): void {
  const list = env[listVariable]?.split(',').map((each) => each.trim());
  if (list === undefined) return;
  const isMeant = (each: string) =>
    'env' in source ? each === source.env : each !== '' && resolve(root, each) === resolve(root, source.file);
  if (list.some(isMeant)) return;
  const [place, name] =
    'env' in source ? [`the variable ${source.env}`, source.env] : [`the file ${source.file}`, source.file];
  throw new ConfigError(`Cannot read ${key} from ${place}: ${listVariable} does not name it`, {
    code: 'cli/secret-not-allowed',
    path: 'sluice.yaml',
    hint: `If sluice.yaml is right, add ${name} to ${listVariable} where sluice runs.`,
  });
}
