import type { Manifest } from '../../src/release/model.js';
import type { Arrivals, Entrance } from './arrival.js';

interface ServiceSpec {
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly port: number }[];
}

interface DeploymentSpec {
  readonly replicas?: number;
  readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };
}

/** A Service of the host's name shares requests evenly among the pods that it selects, whoever runs them. */
export function serviceArrivals(objects: readonly Manifest[], { host, request }: Entrance): Arrivals[] {
  const [name, namespace] = host.split('.');
  const inNamespace = objects.filter(({ metadata }) => metadata.namespace === namespace);
  const service = inNamespace.find(({ kind, metadata }) => kind === 'Service' && metadata.name === name);
  if (service === undefined) return [];
  const { selector, ports } = service.spec as unknown as ServiceSpec;
  const selected = inNamespace
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata, spec }) => ({ name: metadata.name, ...(spec as unknown as DeploymentSpec) }))
    .filter(({ template }) =>
      Object.entries(selector).every(([key, value]) => template.metadata.labels[key] === value),
    );
  const pods = selected.reduce((sum, { replicas = 1 }) => sum + replicas, 0);
  return [
    {
      answers: selected
        .filter(({ replicas = 1 }) => replicas > 0)
        .map((each) => ({
          target: `${each.name}.${namespace}:${ports[0]?.port}`,
          path: request.path,
          percent: ((each.replicas ?? 1) * 100) / pods,
          header: undefined,
        })),
      copies: [],
    },
  ];
}
