import type { Problem } from '../errors.js';
import { defaultNamespace, type Manifest } from '../release/model.js';
import { loadValues } from '../values/load.js';
import { defaultRegistry, type Registry } from '../values/lookup.js';
import { manifestsOf } from './manifests.js';

/** What names a release where its values do not, and who may render it. */
export interface SynthOptions {
  /** The release's name, unless the values give one. */
  readonly name: string;
  /** @default 'default' */
  readonly namespace?: string;
  /**
   * For the positions in errors.
   * @default 'values.yaml'
   */
  readonly file?: string;
  /**
   * Environments and strategies beside those that sluice brings; of two with one id, these win.
   * @default - none
   */
  readonly registry?: Partial<Registry>;
  /**
   * Is told of each notice before anything is rendered: keys without effect, and what the environment has to say.
   * @default - nobody is told
   */
  readonly onNotice?: (notice: Problem) => void;
}

/**
 * Returns the objects of the release that a values text describes, in the order in which they are applied.
 *
 * @param text the whole values file
 * @throws ConfigError with every problem at once, as file, line, column and path
 *
 * @example
 * const manifests = synth(readFileSync('values.yaml', 'utf8'), { name: 'reviews', registry: { environments: { contour } } });
 */
export function synth(text: string, options: SynthOptions): Manifest[] {
  const { name, namespace = defaultNamespace, file = 'values.yaml', registry, onNotice } = options;
  const { release, notices } = loadValues(text, { name, namespace, file, registry: registry && extended(registry) });
  if (onNotice) notices.forEach(onNotice);
  return manifestsOf(release);
}

function extended({ environments, strategies }: Partial<Registry>): Registry {
  return {
    environments: { ...defaultRegistry.environments, ...environments },
    strategies: { ...defaultRegistry.strategies, ...strategies },
  };
}
