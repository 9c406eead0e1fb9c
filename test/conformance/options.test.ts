import { expect, test } from 'vitest';
import { environments } from '../../src/environments/registry.js';
import { ConfigError } from '../../src/errors.js';
import type { Capability, Environment } from '../../src/release/environment.js';
import { strategies } from '../../src/strategies/registry.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { supports } from '../../src/values/lookup.js';
import { loadedOf, twoVersions } from '../release-of.js';
import { effectOf } from './route-objects.js';

/** Lines of a values file that use an option, and those without it that it is compared with. */
interface Use {
  /** Where the option stands, as a refusal or a notice names it. */
  readonly path: string;
  readonly top?: readonly string[];
  readonly application?: readonly string[];
  /** In place of what runs the second version. */
  readonly second?: readonly string[];
  /** What the application has where it is without the option. */
  readonly beside?: readonly string[];
  readonly strategy?: keyof typeof strategies;
  /** What else has to be promised for it. */
  readonly also?: Capability;
  /** What the objects that route must then say. */
  readonly routes?: RegExp;
  /** An environment that can do this has no need to say it. */
  readonly unless?: Capability;
}

/** An option for every capability that is not what a strategy needs; a new capability needs a line here. */
const uses = {
  gateway: { path: 'gateway', top: ['gateway: edge/public'] },
  hosts: { path: 'application.hosts', application: ['hosts: [{name: x.example}]'], routes: /x\.example/ },
  'hosts[].gateway': {
    path: 'application.hosts[0].gateway',
    beside: ['hosts: [{name: x.example}]'],
    application: ['hosts: [{name: x.example, gateway: edge/public}]'],
    also: 'hosts',
    routes: /public/,
  },
  prefix: { path: 'application.prefix', application: ['prefix: /deep/'], routes: /\/deep\// },
  replicas: { path: 'application.replicas', application: ['replicas: 20'], strategy: 'blue-green' },
  'deployment-mode': { path: 'application.deploymentMode', application: ['deploymentMode: RawDeployment'] },
  'model-mesh-service': { path: 'service', top: ['service: {host: models.example, port: 8044}'], routes: /models\.ex/ },
  'model-ports': { path: 'application.ports', application: ['ports: [{containerPort: 9000, name: h2c}]'] },
  'cookie-affinity': {
    path: 'application.sessionAffinity.type',
    application: ['sessionAffinity: {type: Cookie, cookie: stays}'],
    strategy: 'blue-green',
    routes: /stays/,
  },
  'client-ip-affinity': {
    path: 'application.sessionAffinity.type',
    application: ['sessionAffinity: {type: ClientIP}'],
    strategy: 'blue-green',
  },
  'external-service': {
    path: 'application.versions[1].external.service',
    second: ['external: {service: elsewhere, port: 8044}'],
    strategy: 'blue-green',
    routes: /elsewhere.*8044/,
  },
  'external-deployment': {
    path: 'application.versions[1].external.deployment',
    second: ['external: {deployment: elsewhere, labels: {told: apart}, port: 8080}'],
    strategy: 'blue-green',
    routes: /"told":"apart"/,
  },
  'version-namespace': {
    path: 'application.versions[1].metadata.namespace',
    beside: ['primary: v2'],
    application: ['primary: v2'],
    routes: /other/,
    // One Service serves the models of all namespaces.
    unless: 'model-mesh-service',
  },
  autoscaler: { path: 'application.autoscaler', application: ['autoscaler: {maxReplicas: 4}'] },
  'disruption-budget': { path: 'application.disruptionBudget', application: ['disruptionBudget: {minAvailable: 1}'] },
  match: {
    path: 'application.matches',
    application: ['matches: [{headers: [{name: x-tester, value: stays}]}]'],
    strategy: 'blue-green',
    routes: /stays/,
  },
} as const satisfies Record<Exclude<Capability, 'weight' | 'mirror'> | 'hosts[].gateway', Use>;

const cases = Object.values<Environment>(environments).flatMap((environment) =>
  Object.entries<Use>(uses).map(([option, use]) => {
    const capability = (option === 'hosts[].gateway' ? 'gateway' : option) as Capability;
    const needed = [capability, ...(use.also === undefined ? [] : [use.also])];
    return { environment, option, use, promised: needed.every((each) => environment.supports.includes(each)) };
  }),
);

test.each(cases.filter(({ promised }) => promised))(
  '$environment.id carries out $option, as it promises, or says why not',
  ({ environment, use }) => {
    const without = loadedOf(valuesOf(environment, use, false)).release;
    if (isSaid(valuesOf(environment, use, true), use.path)) return;
    const { release } = loadedOf(valuesOf(environment, use, true));
    expect(manifestsOf(release)).not.toEqual(manifestsOf(without));
    const effect = effectOf(release);
    // Without weights, plain Kubernetes has no route.
    if (use.routes === undefined || effect === '[]') return;
    if (use.unless === undefined || !environment.supports.includes(use.unless)) expect(effect).toMatch(use.routes);
  },
);

test.each(cases.filter(({ promised }) => !promised))(
  '$environment.id promises no $option and says that it has no effect',
  ({ environment, use }) => {
    const paths = said(valuesOf(environment, use, true));
    expect(paths.some((path) => path === use.path || use.path.startsWith(`${path}[`))).toBe(true);
  },
);

/** Whether a refusal or a notice says why not, at the option or in it. */
function isSaid(text: string, path: string): boolean {
  return said(text).some((each) => each === path || each.startsWith(`${path}[`));
}

/** Returns the paths of all errors, or else of all notices. */
function said(text: string): string[] {
  try {
    return loadedOf(text).notices.map(({ path }) => path);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path }) => path);
    throw error;
  }
}

/** Returns values of two versions with the option or without it. */
function valuesOf(environment: Environment, use: Use, isUsed: boolean): string {
  const { top = [], application = [], beside = [], second, strategy = 'none' } = use;
  const asked = supports(environment, strategies[strategy]) ? strategy : 'none';
  const lines = isUsed ? application : beside;
  const keys = lines.map((line) => line.slice(0, line.indexOf(':')));
  // What the values have already is replaced.
  const base = twoVersions(environment.id, asked)
    .split('\n')
    .filter((line) => !isUsed || !keys.some((key) => line.startsWith(`  ${key}:`)))
    .join('\n')
    .replace('  versions:\n', `${lines.map((line) => `  ${line}\n`).join('')}  versions:\n`);
  if (!isUsed) return base;
  const isMoved = use.path.endsWith('namespace');
  const moved = isMoved ? base.replace('{name: v2}', '{name: v2, namespace: other}') : base;
  const runs = /^ {4}(image|storageUri): .*v2$/m;
  const text = second === undefined ? moved : moved.replace(runs, second.map((line) => `    ${line}`).join('\n'));
  return top.map((line) => `${line}\n`).join('') + text;
}
