import type { JsonObject } from '../../src/release/json.js';
import { synth } from '../../src/synth/synth.js';
import { starters } from './starters.js';

/** The gateways that the starters name, in a comment. */
export const starterGateways = {
  istio: { name: 'public', namespace: 'istio-system' },
  'gateway-api': { name: 'public', namespace: 'edge' },
} as const;

export type MeshEnvironment = keyof typeof starterGateways;

/** A starter whose route is Istio's to check, bound to the gateway that it names. */
export interface MeshedStarter {
  readonly file: string;
  readonly environment: MeshEnvironment;
  readonly text: string;
}

/** Every starter of istio and of gateway-api. */
export const meshedStarters: readonly MeshedStarter[] = starters
  .filter(({ cell }) => cell.environment.id in starterGateways)
  .map(({ file, loaded, cell }) => {
    const environment = cell.environment.id as MeshEnvironment;
    const { name, namespace } = starterGateways[environment];
    const written = `# gateway: ${namespace}/${name}`;
    if (!loaded.text.includes(written)) throw new Error(`${file} has no line ${written}`);
    return { file, environment, text: loaded.text.replace(written, written.slice(2)) };
  });

/** @throws Error where there is none */
export function meshedStarter(file: string): MeshedStarter {
  const found = meshedStarters.find((starter) => starter.file === `${file}.yaml`);
  if (found === undefined) throw new Error(`There is no starter ${file} in a mesh`);
  return found;
}

/** Returns the objects of the release `reviews`. */
export function objectsOf(text: string, namespace: string): readonly JsonObject[] {
  return synth(text, { name: 'reviews', namespace }) as readonly JsonObject[];
}
