import type { JsonObject } from '../../release/json.js';
import { kubeVersion } from './chart-yaml.js';
import { valuesTable } from './values-table.js';

/** A change of one key of a version beside the file, by `--set`. */
export interface Setting {
  /** Of the version, from 0. */
  readonly position: number;
  readonly key: string;
  readonly value: string;
}

/** Who installs a chart, and with which values. */
export type ChartUsage =
  /** A person with `helm`; its values.yaml is the release. */
  | { readonly by: 'person'; readonly setting?: Setting | undefined }
  /** A person with `helm`, and values that are given: it has none of its own. */
  | { readonly by: 'person-with-values'; readonly example: string; readonly setting: Setting }
  /** Argo CD or Flux, from Git. */
  | { readonly by: 'git' };

/** What the README of a chart tells. */
export interface ChartReadme {
  readonly name: string;
  readonly description: string;
  /** The keys of its values. */
  readonly keys: JsonObject;
  /** Of these the ones that are accepted without effect. */
  readonly idle: readonly string[];
  /** Of these the ones that its templates refuse. */
  readonly pointless: readonly string[];
  readonly maxVersions: number;
  readonly usage: ChartUsage;
  /**
   * The environments for which it brings no `helm test`.
   *
   * @default - it brings none at all
   */
  readonly untested?: readonly string[];
}

/** Returns the `README.md` of a chart. */
export function chartReadme(readme: ChartReadme): string {
  const { name, description, keys, idle, pointless, maxVersions, untested } = readme;
  return `# ${name}

${description}. It needs neither Node nor a controller.

Kubernetes ${kubeVersion.replace(/-0$/, '')}; 1.21 for \`disruptionBudget\`, 1.23 for \`autoscaler\`.

## Install and upgrade

${usageSection(readme)}
${untested ? testSection(readme, untested) : ''}
## Values

Weights and ports may stand in quotes. Refused are other texts in place of numbers, and every key that stands neither in
the table nor here: accepted without effect, since values of Iter8 or for another strategy may have them, are
${idle.map((key) => `\`${key}\``).join(', ')}.

There may be ${maxVersions} versions; \`sluice chart --versions N\` makes a chart for more. Where a description begins with
environments or strategies, such as \`canary:\`, the key has an effect with them alone.

${valuesTable(keys, [...idle, ...pointless])}
`;
}

function usageSection({ name, usage }: ChartReadme): string {
  switch (usage.by) {
    case 'git':
      return `Git holds this folder, and Argo CD or Flux installs what stands there: change \`values.yaml\` and commit. What
somebody installs beside them by hand, they undo. What they will apply:

\`\`\`sh
helm template ${name} . -n NAMESPACE
\`\`\``;
    case 'person':
      return `In this folder:

\`\`\`sh
helm upgrade --install ${name} . -n NAMESPACE -f values.yaml
\`\`\`

\`values.yaml\` is the release: change it and run the same command again. Another file may be given with \`-f\`:
Helm merges it over this one, so a key that it leaves out keeps the value that it has here.${
        usage.setting ? `\n\n${settingSection(`${name} .`, usage.setting)}` : ''
      }`;
    case 'person-with-values':
      return `The release is a values file of yours; the chart has none of its own, and installs nothing without. With such a
\`values.yaml\`, and this chart in DIR:

\`\`\`yaml
${usage.example}\`\`\`

\`\`\`sh
helm upgrade --install reviews DIR -n NAMESPACE -f values.yaml
\`\`\`

Change the file and run the same command again.

${settingSection('reviews DIR', usage.setting)}`;
  }
}

function settingSection(target: string, { position, key, value }: Setting): string {
  const setting = `application.versions[${position}].${key}=${value}`;
  const alone = `[${'null, '.repeat(position)}{${key}: ${value}}]`;
  return `To try something without changing the file, here of the version at position ${position}, counted from 0:

\`\`\`sh
helm upgrade --install ${target} -n NAMESPACE -f values.yaml --set '${setting}'
\`\`\`

\`--set\` with a position in a list works only beside \`-f\`. Without it Helm makes a new list of it, \`${alone}\`,
${position > 0 ? 'and the schema refuses the gap' : 'in which all else of the version is missing'}.`;
}

function testSection({ name, usage }: ChartReadme, untested: readonly string[]): string {
  const exception = untested.length > 0 ? ` There is no such test with ${untested.join(' and ')}.` : '';
  const release = usage.by === 'person-with-values' ? 'reviews' : name;
  const owner = usage.by === 'git' ? ' It needs a Helm release, which Flux makes and Argo CD does not.' : '';
  return `
## Test

\`\`\`sh
helm test ${release} -n NAMESPACE --logs
\`\`\`

asks the route from a pod, and looks whether the version that answers is one of those that may: responses name theirs in
\`app-version\`, unless \`application.versionHeader\` is false.${exception}${owner}

Without the header, and always in plain Kubernetes, any answer below 500 passes, a 404 of the application too. In a mesh
an answer fails where Envoy or Linkerd says that it gave it itself, since no route led on. The test then does not see
which version answers, nor that such a 404 came from another gateway on the way. It never sees hosts, gateways and
matches: it asks for \`/\` inside the cluster, by the release's name.
`;
}
