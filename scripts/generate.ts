import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chartParts, packageFacts } from '../src/cli/chart-source.js';
import { strategies } from '../src/strategies/registry.js';
import { chartFiles, defaultMaxVersions } from '../src/synth/chart/chart-files.js';
import { chartedEnvironments } from '../src/synth/chart/charted-environments.js';
import { valuesJsonSchema } from '../src/values/json-schema.js';

// Writes the generated files; with --check it only says which of them are out of date.
const root = fileURLToPath(new URL('../', import.meta.url));
const universalChart = 'charts/release';

/** Helm merges what a user gives over these, so that they default nothing away. */
const noValues = `# Nothing: give your release with -f. The README lists every key.
`;

/** Of what the README shows. */
const example = `environment: istio
application:
  port: 9080
  strategy: blue-green
  versions:
  - metadata: {name: reviews-v1}
    image: registry.example/reviews:v1
    weight: 100
  - metadata: {name: reviews-v2}
    image: registry.example/reviews:v2
    weight: 0
`;

function generated(): Map<string, string> {
  const files = chartFiles({
    name: 'release',
    values: noValues,
    environments: chartedEnvironments,
    strategies: Object.values(strategies),
    maxVersions: defaultMaxVersions,
    parts: chartParts(),
    facts: packageFacts(),
    usage: { by: 'person-with-values', example, setting: { position: 1, key: 'weight', value: '30' } },
  });
  return new Map([
    ['templates/values.schema.json', `${JSON.stringify(valuesJsonSchema(), null, 2)}\n`],
    ...[...files].map(([path, text]) => [`${universalChart}/${path}`, text] as const),
  ]);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

/** Files of the chart's folder that nothing generates any more. */
function stale(wanted: ReadonlyMap<string, string>): string[] {
  const entries = readdirSync(join(root, universalChart), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
  return paths.filter((path) => !wanted.has(path));
}

mkdirSync(join(root, universalChart), { recursive: true });
const wanted = generated();
const changed = [...wanted].filter(([path, text]) => readIfThere(path) !== text).map(([path]) => path);
const outdated = [...changed, ...stale(wanted)];
if (process.argv.includes('--check')) {
  for (const path of outdated)
    process.stderr.write(`${path} is out of date: run npm run generate, read the difference and commit it\n`);
  process.exitCode = outdated.length > 0 ? 1 : 0;
} else {
  for (const path of outdated) {
    const text = wanted.get(path);
    if (text === undefined) rmSync(join(root, path));
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }
}
