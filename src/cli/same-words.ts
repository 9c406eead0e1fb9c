import type { LoadedValues } from '../values/load.js';
import type { SharedAnalyses } from '../values/shared-analysis.js';

/** Values as they are written, and what they are read with. */
export interface Written {
  readonly text: string;
  readonly identity: Pick<LoadedValues['identity'], 'namespace' | 'analyses'>;
}

/** Returns whether other values come to the same as these, as far as that can be told without reading them. */
export function isSameWords({ text, identity, values }: LoadedValues, other: Written): boolean {
  if (text !== other.text || identity.namespace !== other.identity.namespace) return false;
  const use = values.analysis?.use;
  return use === undefined || said(use, identity.analyses) === said(use, other.identity.analyses);
}

function said(use: string, analyses: SharedAnalyses = {}): string {
  return JSON.stringify(analyses[use]?.map(({ data }) => data) ?? []);
}
