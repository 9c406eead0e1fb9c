import { manifestsOf } from '../../src/synth/manifests.js';
import { releaseOf, twoVersions } from '../release-of.js';

/** A Mapping as it is rendered. */
export interface Mapping {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly spec: { readonly [key: string]: unknown; readonly hostname: string; readonly prefix: string };
}

/** Returns the Mappings of a values text. */
export function mappingsOf(text: string): Mapping[] {
  return manifestsOf(releaseOf(text)).filter(({ kind }) => kind === 'Mapping') as unknown as Mapping[];
}

/** Adds lines to the application. */
export function within(text: string, ...lines: string[]): string {
  return text.replace('  port: 8080', ['  port: 8080', ...lines.map((line) => `  ${line}`)].join('\n'));
}

/** Returns a canary of v2 with matches in Istio's form. */
export function canary(...match: string[]): string {
  return twoVersions('emissary', 'canary', ['match:', ...match]);
}
