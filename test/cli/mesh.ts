import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Simulator } from '../../src/sources/simulator.js';
import { serveSimulator } from '../../src/sources/simulator-server.js';
import { afterFile } from '../clean-up.js';
import { type Outcome, type ScratchWorkspace, start } from './workspace.js';

/** What is read of a VirtualService or an HTTPRoute. */
interface Rule {
  readonly match?: unknown;
  readonly matches?: readonly { readonly headers?: unknown }[];
  readonly route?: readonly { readonly destination: { readonly host: string }; readonly weight: number }[];
  readonly mirrors?: readonly {
    readonly destination: { readonly host: string };
    readonly percentage: { value: number };
  }[];
  readonly backendRefs?: readonly { readonly name: string; readonly weight: number }[];
}

interface Route {
  readonly kind: string;
  readonly metadata: { readonly namespace: string };
  readonly spec: { readonly http?: readonly Rule[]; readonly rules?: readonly Rule[] };
}

/** Of a canary's requests, how many in a hundred match. */
const testers = 20;

/** A mesh of simulated services behind Prometheus' API, whose traffic follows the manifests of a workspace. */
export class Mesh {
  readonly simulator: Simulator;
  #url = '';

  private constructor(begin: number) {
    // Six seconds into a window, so that after whole minutes the newest window is complete.
    this.simulator = new Simulator({ seed: 1, start: begin + 6 });
  }

  /** @param begin Unix seconds, a multiple of a minute */
  static async start(begin = start): Promise<Mesh> {
    const mesh = new Mesh(begin);
    const server = await serveSimulator(mesh.simulator);
    afterFile(() => server.close());
    mesh.#url = server.url;
    return mesh;
  }

  /** The text of a sluice.yaml that reads from here. */
  get project(): string {
    return `metrics: {source: prometheus, url: "${this.#url}"}\n`;
  }

  /** Adds healthy services, or ones that fail as given. */
  services(services: { readonly [service: string]: number }, namespace = 'default'): void {
    for (const [service, errorRate] of Object.entries(services)) {
      this.simulator.service({ namespace, service }, { errorRate, latency: 20 });
    }
  }

  /** Lets the traffic of all that is rendered flow for two minutes, then runs one pass: each can decide. */
  async pass(workspace: ScratchWorkspace, ...argv: readonly string[]): Promise<Outcome> {
    this.flow(workspace);
    workspace.now = this.simulator.now;
    return workspace.run('evaluate', ...argv);
  }

  /** Lets the traffic of all that is rendered in a workspace flow for two minutes. */
  flow({ folder }: ScratchWorkspace): void {
    for (const route of routesBelow(join(folder, 'rendered'))) this.#follow(route);
    this.simulator.advance(120);
  }

  #follow({ metadata, spec }: Route): void {
    const rules = spec.http ?? spec.rules ?? [];
    const matched = rules.filter((rule) => rule.match !== undefined || rule.matches?.some(({ headers }) => headers));
    const shares: Record<string, number> = {};
    const mirrors: Record<string, number> = {};
    for (const rule of rules) {
      const part = matched.length === 0 ? 100 : matched.includes(rule) ? testers : 100 - testers;
      for (const { service, weight } of backendsOf(rule))
        shares[service] = (shares[service] ?? 0) + (weight * part) / 100;
      for (const { destination, percentage } of rule.mirrors ?? [])
        mirrors[nameOf(destination.host)] = percentage.value;
    }
    this.simulator.route(metadata.namespace, { rate: 100, shares, mirrors });
  }
}

function backendsOf({ route = [], backendRefs = [] }: Rule) {
  return [
    ...route.map(({ destination, weight }) => ({ service: nameOf(destination.host), weight })),
    ...backendRefs.map(({ name, weight }) => ({ service: name, weight })),
  ];
}

function nameOf(host: string): string {
  return host.slice(0, host.indexOf('.'));
}

function routesBelow(folder: string): Route[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));
  return files
    .flatMap((path) => parseAllDocuments(readFileSync(join(folder, path), 'utf8')))
    .map((document) => document.toJS() as Route)
    .filter(({ kind }) => kind === 'VirtualService' || kind === 'HTTPRoute');
}
