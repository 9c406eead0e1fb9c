import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../src/release/json.js';
import type { ApiServer } from './api-server.js';
import { eventually } from './eventually.js';
import { freePorts, loopback } from './free-ports.js';
import { LeashedProcess } from './leashed-process.js';
import { requireTools, tools } from './tools.js';

/** Where istiod keeps what is its own. */
export const istioNamespace = 'istio-system';

/** Seconds until it must be ready. */
const patience = 60;

/** Of the modules of Istio's own Envoy, which the one here has not, none is asked for, nor certificates. */
const environment = {
  POD_NAMESPACE: istioNamespace,
  POD_NAME: 'istiod-of-the-tests',
  REVISION: 'default',
  CLUSTER_ID: 'Kubernetes',
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  PILOT_ENABLE_ALPN_FILTER: 'false',
  // No Deployment is made for a Gateway: the tests start its Envoy.
  PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER: 'false',
  INJECTION_WEBHOOK_CONFIG_NAME: '',
  VALIDATION_WEBHOOK_CONFIG_NAME: '',
  // Its certificate is for the address by which the API server asks it.
  ISTIOD_CUSTOM_HOST: loopback,
};

/** Istio's control plane: it checks what the API server is given, reports on it, and tells Envoys what to do. */
export class Istiod {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-istiod-')));
  readonly #process: LeashedProcess;

  private constructor(
    readonly server: ApiServer,
    readonly ports: Ports,
  ) {
    this.#process = new LeashedProcess(tools.istiod, this.#options(), environment);
  }

  /**
   * Starts one for an API server that knows the kinds of Istio and of the Gateway API, and lets it check them.
   *
   * @throws Error with the end of its log when it does not come up
   */
  static async start(server: ApiServer): Promise<Istiod> {
    requireTools(['istiod']);
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: istioNamespace } };
    await server.ask('/api/v1/namespaces', { method: 'POST', body: namespace });
    const istiod = new Istiod(server, await freePorts('xds', 'secureXds', 'http', 'https', 'monitoring'));
    try {
      await istiod.#process.untilReady(() => istiod.#isReady(), patience);
      await istiod.#check();
    } catch (error) {
      await istiod.stop();
      throw error;
    }
    return istiod;
  }

  #options(): string[] {
    const mesh = join(this.#folder, 'mesh.yaml');
    const discoveryAddress = `${loopback}:${this.ports.xds}`;
    const config = { enableAutoMtls: false, defaultProviders: { metrics: [] }, defaultConfig: { discoveryAddress } };
    writeFileSync(mesh, JSON.stringify(config));
    return [
      'discovery',
      `--kubeconfig=${this.server.kubeconfig}`,
      `--meshConfig=${mesh}`,
      `--grpcAddr=${loopback}:${this.ports.xds}`,
      `--secureGRPCAddr=${loopback}:${this.ports.secureXds}`,
      `--httpAddr=${loopback}:${this.ports.http}`,
      `--httpsAddr=${loopback}:${this.ports.https}`,
      `--monitoringAddr=${loopback}:${this.ports.monitoring}`,
      '--ctrlz_port=0',
    ];
  }

  async #isReady(): Promise<boolean> {
    return fetch(`http://${loopback}:${this.ports.http}/ready`)
      .then(({ ok }) => ok)
      .catch(() => false);
  }

  /** From here on the API server asks istiod about every object of Istio's, and waits until it does. */
  async #check(): Promise<void> {
    const secret = `/api/v1/namespaces/${istioNamespace}/secrets/istio-ca-secret`;
    const { data } = await eventually(() => this.server.ask<{ data: Record<string, string> }>(secret), {
      what: "istiod's certificate",
    });
    const body = validation({ port: this.ports.https, caBundle: data['ca-cert.pem'] ?? '' });
    const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
    await this.server.ask(path, { method: 'POST', body });
    await eventually(() => this.#refusal(), { what: 'istiod refusing an object' });
  }

  /** Istio takes no VirtualService without a host, the API server alone does. */
  async #refusal(): Promise<true | undefined> {
    const path = `/apis/networking.istio.io/v1/namespaces/${istioNamespace}/virtualservices?dryRun=All`;
    const body = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'bad' }, spec: {} };
    return this.server.ask(path, { method: 'POST', body }).then(
      () => undefined,
      ({ message }: Error) => /admission webhook .* denied/.test(message) || undefined,
    );
  }

  /** The end of its log, for people who look into a failure. */
  get log(): string {
    return this.#process.log;
  }

  async stop(): Promise<void> {
    await this.#process.stop(1);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

interface Ports {
  readonly xds: number;
  readonly secureXds: number;
  readonly http: number;
  readonly https: number;
  readonly monitoring: number;
}

function validation({ port, caBundle }: { readonly port: number; readonly caBundle: string }): JsonObject {
  const apiGroups = ['extensions', 'networking', 'security', 'telemetry'].map((name) => `${name}.istio.io`);
  const rules = [{ operations: ['CREATE', 'UPDATE'], apiGroups, apiVersions: ['*'], resources: ['*'] }];
  const webhook = {
    name: 'validation.istio.io',
    clientConfig: { url: `https://${loopback}:${port}/validate`, caBundle },
    rules,
    failurePolicy: 'Fail',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'istiod-of-the-tests' },
    webhooks: [webhook],
  };
}
