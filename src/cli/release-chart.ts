import { InternalError } from '../errors.js';
import { chartFiles, defaultMaxVersions } from '../synth/chart/chart-files.js';
import type { ReleaseChart } from '../synth/rendered-chart.js';
import type { LoadedValues } from '../values/load.js';
import { chartSource, packageFacts } from './chart-source.js';

/**
 * Returns the chart of a release around its values. It follows from sluice itself, from the release's name, environment
 * and strategy, and from the number of versions where they are many; not from weights, images or what else changes.
 */
export function chartOf(loaded: LoadedValues): ReleaseChart {
  const { environment, strategy, model } = loaded.release;
  const maxVersions = Math.max(defaultMaxVersions, model.versions.length);
  version ??= packageFacts().version;
  return {
    stamp: `sluice ${version}: ${model.name} with ${environment.id}, ${strategy.id}, at most ${maxVersions} versions`,
    generate() {
      const source = { ...chartSource(loaded, maxVersions), usage: { by: 'git' as const } };
      const files = new Map(orDefect(loaded.file, () => chartFiles(source)));
      files.delete('values.yaml');
      return files;
    },
  };
}

/** A chart that cannot be generated stops its own release and no other. */
function orDefect<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const current = error instanceof Error ? error.message : String(error);
    throw new InternalError(`Cannot generate the chart of ${file} as planned: ${current}`, {
      code: 'internal/chart',
      hint: 'This is a defect of sluice: please report it. Until then render: manifests works.',
      cause: error,
    });
  }
}

let version: string | undefined;
