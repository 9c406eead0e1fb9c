import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, loopback } from './free-ports.js';

/** Who may do everything in the cluster. */
export const token = 'administrator-of-a-cluster-that-lasts-as-long-as-its-tests';

/** Where the parts of a cluster find one another. */
export interface Places {
  readonly folder: string;
  readonly etcd: number;
  readonly etcdPeers: number;
  readonly apiServer: number;
}

/** Returns places in a folder and on ports of 127.0.0.1 that are free now. */
export async function freePlaces(folder: string): Promise<Places> {
  return { folder, ...(await freePorts('etcd', 'etcdPeers', 'apiServer')) };
}

/** The certificate that the API server makes for itself when it starts. */
export function certificateOf({ folder }: Places): string {
  return join(folder, 'certificates', 'apiserver.crt');
}

/** Nothing has to outlast a power cut, so nothing waits for the disk. */
export function etcdOptions({ folder, etcd, etcdPeers }: Places): string[] {
  const [clients, peers] = [etcd, etcdPeers].map((port) => `http://${loopback}:${port}`);
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

/**
 * Also writes the files that the options name. No controller makes the service accounts that pods would need, and etcd
 * 3.4 cannot stream lists.
 */
export function apiServerOptions({ folder, etcd, apiServer }: Places): string[] {
  const tokens = join(folder, 'tokens.csv');
  writeFileSync(tokens, `${token},administrator,administrator,system:masters\n`);
  const key = join(folder, 'service-accounts.key');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return [
    `--etcd-servers=http://${loopback}:${etcd}`,
    `--bind-address=${loopback}`,
    `--advertise-address=${loopback}`,
    `--secure-port=${apiServer}`,
    `--cert-dir=${join(folder, 'certificates')}`,
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    '--service-cluster-ip-range=10.0.0.0/16',
    `--token-auth-file=${tokens}`,
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    '--endpoint-reconciler-type=none',
    '--feature-gates=WatchList=false',
  ];
}

/** JSON is YAML. */
export function kubeconfigOf(places: Places): string {
  const name = 'tests';
  const cluster = {
    server: `https://${loopback}:${places.apiServer}`,
    'certificate-authority': certificateOf(places),
  };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
