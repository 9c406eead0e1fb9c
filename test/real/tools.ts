import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Absolute paths of the real parts that `npm run tools` installs; `crds` is the folder of the
 * definitions of what sluice renders and of what stands around it, `python` is a Python 3 that knows PyYAML;
 * `githubApi` and `githubSchema` are GitHub's description of its REST interface and of its GraphQL one.
 */
export const tools = {
  helm: toolPath('helm/helm'),
  helm4: toolPath('helm4/helm'),
  apiServer: toolPath('kubernetes/kube-apiserver'),
  controllerManager: toolPath('kubernetes/kube-controller-manager'),
  kubectl: toolPath('kubernetes/kubectl'),
  kwok: toolPath('kwok/kwok'),
  istiod: toolPath('istio/pilot-discovery'),
  istioctl: toolPath('istio/istioctl'),
  envoy: toolPath('envoy/envoy'),
  crds: toolPath('crds'),
  etcd: toolPath('etcd/etcd'),
  prometheus: toolPath('prometheus/prometheus'),
  gitea: toolPath('gitea/gitea'),
  githubApi: toolPath('github/api.github.com.json'),
  githubSchema: toolPath('github/schema.graphql'),
  python: toolPath('python/bin/python'),
} as const;

/**
 * Makes sure that the real parts are there, so that a test fails with a reason and is never skipped.
 *
 * @param names which of them the test uses
 * @default those that need no cluster
 * @throws Error naming what is missing and the command that brings it
 */
export function requireTools(names: readonly (keyof typeof tools)[] = ['helm', 'prometheus', 'python']): void {
  const missing = names.filter((name) => !existsSync(tools[name]));
  if (missing.length === 0) return;
  throw new Error(`Cannot run against real parts without ${missing.join(', ')}: run \`npm run tools\` first`);
}

function toolPath(path: string): string {
  return fileURLToPath(new URL(`../../.cache/tools/${path}`, import.meta.url));
}
