import type { JsonObject } from '../../release/json.js';
import { kubeVersion } from './chart-yaml.js';
import { valuesTable } from './values-table.js';

/** What the README of a chart tells. */
export interface ChartReadme {
  readonly name: string;
  readonly description: string;
  /** The schema of its values. */
  readonly schema: JsonObject;
  readonly maxVersions: number;
  /** What is changed beside the file in the example: a key of the version at that position. */
  readonly example: { readonly position: number; readonly key: string; readonly value: string };
  /**
   * The environments for which it brings no `helm test`.
   *
   * @default - it brings none at all
   */
  readonly untested?: readonly string[];
}

/** Returns the `README.md` of a chart. */
export function chartReadme({ name, description, schema, maxVersions, example, untested }: ChartReadme): string {
  const { position, key, value } = example;
  const setting = `application.versions[${position}].${key}=${value}`;
  const alone = `[${'null, '.repeat(position)}{${key}: ${value}}]`;
  return `# ${name}

${description}. It needs neither Node nor a controller.

Kubernetes ${kubeVersion.replace(/-0$/, '')}; 1.21 for \`disruptionBudget\`, 1.23 for \`autoscaler\`.

## Install and upgrade

In this folder:

\`\`\`sh
helm upgrade --install ${name} . -n NAMESPACE -f values.yaml
\`\`\`

\`values.yaml\` is the release: change it and run the same command again. Another file may be given with \`-f\`:
Helm merges it over this one, so a key that it leaves out keeps the value that it has here. To try something without
changing the file, here of ${position > 0 ? 'a candidate that stands second in it' : 'its first version'}:

\`\`\`sh
helm upgrade --install ${name} . -n NAMESPACE -f values.yaml --set '${setting}'
\`\`\`

\`--set\` with a position in a list works only beside \`-f\`. Without it Helm begins a new list: of
\`${setting}\` it makes \`${alone}\`, and ${position > 0 ? 'the schema refuses the entry that is missing' : 'what else the version has is gone'}.
${untested ? testSection(name, untested) : ''}
## Values

What is not in this table is refused, as are texts in place of numbers (\`"30"\`, \`--set-string\`). There may be ${maxVersions}
versions; \`sluice chart --versions N\` makes a chart for more. Where a description begins with environments or strategies,
such as \`canary:\`, the key has an effect with them alone.

${valuesTable(schema)}
`;
}

function testSection(name: string, untested: readonly string[]): string {
  const exception = untested.length > 0 ? ` There is no such test with ${untested.join(' and ')}.` : '';
  return `
## Test

\`\`\`sh
helm test ${name} -n NAMESPACE --logs
\`\`\`

asks the route from a pod, and looks whether the version that answers is one of those that may: responses name theirs in
\`app-version\`, unless \`application.versionHeader\` is false.${exception}

Without the header, and always in plain Kubernetes, any answer below 500 passes, a 404 of the application too; in a mesh
not one by which Envoy or Linkerd says itself that no route leads on. The test then does not see which version answers,
nor that such a 404 came from another gateway on the way. It never sees hosts, gateways and matches: it asks for \`/\`
inside the cluster, by the release's name.
`;
}
