import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { runGit } from '../../gitops/git.js';
import type { ServiceTraffic, Simulator } from '../../sources/simulator.js';

/** Percent of the requests by service. */
export type Split = { readonly [service: string]: number };

/** Returns how an image behaves once it runs. */
export type BehaviourOf = (image: string) => Pick<ServiceTraffic, 'errorRate' | 'latency'>;

/** What a cluster follows. */
export interface ClusterOptions {
  /** The repository, absolute. */
  readonly folder: string;
  /** The manifests, from its root. */
  readonly manifests: string;
  readonly behaviourOf: BehaviourOf;
}

/** Requests per second. */
const rate = 100;

const Deployment = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })).length(1) }) }),
  }),
});

const VirtualService = z.object({
  metadata: z.object({ namespace: z.string() }),
  spec: z.object({
    http: z
      .array(
        z.object({ route: z.array(z.object({ destination: z.object({ host: z.string() }), weight: z.number() })) }),
      )
      .length(1),
  }),
});

/**
 * Does what Argo CD would do with the newest commit: runs the Deployments of the rendered manifests and divides the
 * traffic as their route says. Neither the working tree nor anything that sluice knows plays a part.
 *
 * @returns the split that is live now
 */
export async function applyHead(
  simulator: Simulator,
  { folder, manifests, behaviourOf }: ClusterOptions,
): Promise<Split> {
  const text = await runGit(['show'], { cwd: folder, revisions: [`HEAD:${manifests}`] });
  const objects = parseAllDocuments(text).map((document): unknown => document.toJS());
  const deployments = ofKind(objects, 'Deployment', Deployment);
  for (const { metadata, spec } of deployments) {
    const image = spec.template.spec.containers[0]?.image ?? '';
    simulator.service({ namespace: metadata.namespace, service: metadata.name }, behaviourOf(image));
  }
  const [route] = ofKind(objects, 'VirtualService', VirtualService);
  const backends = route?.spec.http[0]?.route ?? [];
  // A version that the route leaves out gets nothing.
  const shares = Object.fromEntries([
    ...deployments.map(({ metadata }) => [metadata.name, 0] as const),
    ...backends.map(({ destination: { host }, weight }) => [host.slice(0, host.indexOf('.')), weight] as const),
  ]);
  if (route !== undefined) simulator.route(route.metadata.namespace, { rate, shares });
  return shares;
}

function ofKind<T>(objects: readonly unknown[], kind: string, shape: z.ZodType<T>): T[] {
  const found = objects.filter((object) => z.object({ kind: z.literal(kind) }).safeParse(object).success);
  return found.map((object) => shape.parse(object));
}
