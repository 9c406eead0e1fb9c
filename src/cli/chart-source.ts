import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../errors.js';
import { type ChartSource, defaultMaxVersions } from '../synth/chart/chart-files.js';
import type { PackageFacts } from '../synth/chart/chart-yaml.js';
import type { LoadedValues } from '../values/load.js';
import { packageFile } from './package-file.js';
import { trialSetting } from './trial-setting.js';

/**
 * Returns what the chart of a release is made of: its environment and its strategy.
 *
 * @throws ConfigError when it has more versions than the chart is to take
 */
export function chartSource(loaded: LoadedValues, maxVersions = defaultMaxVersions): ChartSource {
  const { release, text, file } = loaded;
  const { environment, strategy, model } = release;
  const count = model.versions.length;
  if (count > maxVersions) {
    throw new ConfigError(`Cannot make a chart of ${file} for at most ${maxVersions} versions: it has ${count}`, {
      code: 'cli/chart-versions',
      path: file,
      hint: `Add --versions ${count}.`,
    });
  }
  const { name } = model;
  const own = { parts: chartParts(), facts: packageFacts() };
  const usage = { by: 'person' as const, setting: trialSetting(loaded) };
  return { name, values: text, environments: [environment], strategies: [strategy], maxVersions, usage, ...own };
}

/** Returns the texts of `templates/chart/`, by their path in it. */
export function chartParts(): ReadonlyMap<string, string> {
  const folder = packageFile('templates/chart');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]));
}

/** Returns what sluice's own package.json says of it. */
export function packageFacts(): PackageFacts {
  return JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as PackageFacts;
}

/** Returns a line that changes with any of the files, for their inventory. */
export function stampOf(files: ReadonlyMap<string, string>): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex');
  return `sluice ${packageFacts().version}: ${digest.slice(0, 16)}`;
}
