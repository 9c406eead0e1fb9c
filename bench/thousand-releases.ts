import { stringify } from 'yaml';
import type { Manifest } from '../src/release/model.js';
import { manifestsOf } from '../src/synth/manifests.js';
import { toYamlStream } from '../src/synth/yaml-writer.js';
import { loadValues } from '../src/values/load.js';
import { atMost, type Figure } from './figure.js';
import { releaseText } from './release-text.js';

const RELEASES = 1_000;
const GOAL = 1.3;

/**
 * 1,000 releases from the text of their values to the text of their manifests in one process, against two writers that
 * are handed the same objects ready-made.
 */
export function thousandReleases(): Figure[] {
  const files = Array.from({ length: RELEASES }, (_, i) => ({ name: `app-${i}`, text: valuesOf(`app-${i}`) }));

  const loading = cpuSeconds(() =>
    files.map(({ name, text }) => loadValues(text, { file: 'values.yaml', name, namespace: 'shop' }).release),
  );
  const rendering = cpuSeconds(() => loading.result.map(manifestsOf));
  const writing = cpuSeconds(() => rendering.result.map(toYamlStream));
  const objects: Manifest[][] = rendering.result;
  const json = cpuSeconds(() => objects.map((list) => list.map((object) => JSON.stringify(object))));
  const yaml = cpuSeconds(() => objects.map((list) => list.map((object) => stringify(object))));

  const total = loading.seconds + rendering.seconds + writing.seconds;
  const ratio = (seconds: number, to: number) => `${(seconds / to).toFixed(seconds / to < 1 ? 2 : 1)} x`;
  return [
    {
      name: `${RELEASES} releases of ${objects[0]?.length} objects, CPU`,
      value: `${total.toFixed(2)} s`,
      goal: atMost(GOAL, 's', total),
    },
    { name: '  reading the values', value: `${loading.seconds.toFixed(2)} s` },
    { name: '  cdk8s objects', value: `${rendering.seconds.toFixed(2)} s` },
    { name: '  writing YAML', value: `${writing.seconds.toFixed(2)} s` },
    { name: 'JSON.stringify of the same objects, CPU', value: `${json.seconds.toFixed(2)} s` },
    { name: "the yaml package's stringify, CPU", value: `${yaml.seconds.toFixed(2)} s` },
    { name: 'all of sluice / JSON.stringify', value: ratio(total, json.seconds) },
    { name: "all of sluice / yaml's stringify", value: ratio(total, yaml.seconds) },
    { name: "sluice's writer / JSON.stringify", value: ratio(writing.seconds, json.seconds) },
    { name: "sluice's writer / yaml's stringify", value: ratio(writing.seconds, yaml.seconds) },
  ];
}

/** Runs the work and returns what it gave, and the CPU time that this process took for it. */
function cpuSeconds<Result>(work: () => Result): { readonly result: Result; readonly seconds: number } {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return { result, seconds: (user + system) / 1e6 };
}

/** Three versions: 3 Deployments, 3 Services, the shared Service and the VirtualService. */
function valuesOf(name: string): string {
  return releaseText(name, [80, 15, 5]);
}
