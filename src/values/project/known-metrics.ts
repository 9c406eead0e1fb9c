import { ConfigError } from '../../errors.js';
import { gaugesIn } from '../../release/evaluation.js';
import { type OwnColumns, ownColumns } from '../../sources/file.js';
import { builtInMetrics, type ListedMetric, listedAs } from '../../sources/listed-metric.js';
import { listMetrics } from '../../sources/registry.js';
import type { KnownMetric, ReadBeside } from './canary-layer.js';
import type { MetricsSettings } from './metrics.js';

/**
 * Returns what a source tells, or where none is named, what every one does. What columns a file has is known only where it
 * is there to be read.
 */
export function knownMetrics(settings: MetricsSettings | undefined, read?: ReadBeside): KnownMetric {
  const listed = (): readonly ListedMetric[] | undefined => {
    return settings && listMetrics(settings, { subjects: [], interval: 60, firstEnd: 60, lastEnd: 60 });
  };
  let columns: ReturnType<typeof columnsIn> | undefined;
  const own = () => {
    columns ??= columnsIn(settings, read);
    return columns;
  };
  return {
    get names() {
      const names = listed()?.map(({ name, counted }) => (counted === 'histogram' ? `${name}-p95` : name));
      return [...(names ?? builtInMetrics), ...(own().found?.names ?? [])];
    },
    has(metric) {
      if (gaugesIn({ objectives: [{ metric }], rewards: [] }).length === 0) return true;
      const all = listed();
      if (all === undefined) return builtInMetrics.some((each) => each === metric);
      if (listedAs(metric, all) !== undefined) return true;
      const { found } = own();
      return settings?.source === 'file' && (found === undefined || found.has(metric));
    },
  };
}

function columnsIn(
  settings: MetricsSettings | undefined,
  read: ReadBeside | undefined,
): { readonly found: OwnColumns | undefined } {
  if (settings?.source !== 'file') return { found: undefined };
  const { path, format } = settings;
  try {
    const text = read?.(path)?.text;
    return { found: text === undefined ? undefined : ownColumns(text, path, format) };
  } catch (error) {
    // Such as a file outside of the repository, which the source may read all the same.
    if (error instanceof ConfigError) return { found: undefined };
    throw error;
  }
}
