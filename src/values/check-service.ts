import type { Contradiction } from '../release/contradiction.js';
import { isObject, type Json, type JsonObject } from '../release/json.js';
import type { ReleaseModel, VersionModel } from '../release/model.js';
import { versionPlace } from '../release/model.js';
import { MAX_SUBDOMAIN, SUBDOMAIN } from './shapes.js';

/** Returns what in a Service that was given whole the API server refuses, beside the shape of its parts. */
export function checkService(release: ReleaseModel, { name, serviceSpecification }: VersionModel): Contradiction[] {
  const { spec } = serviceSpecification ?? {};
  if (spec === undefined) return [];
  const ports = (Array.isArray(spec.ports) ? (spec.ports as readonly Json[]) : []).filter(isObject);
  const found = [...checkAny(spec, ports, name), ...checkPorts(ports), ...checkNodePorts(spec, ports)];
  return found.map(({ path, ...rest }) => ({
    path: versionPlace(release, name, 'serviceSpecification', 'spec', ...path),
    ...rest,
  }));
}

/** A Service without ports is refused, unless it only stands for names or addresses. */
function checkAny(spec: JsonObject, ports: readonly JsonObject[], name: string): Contradiction[] {
  if (spec.type === 'ExternalName') return checkExternalName(spec.externalName);
  if (ports.length > 0 || spec.clusterIP === 'None') return [];
  const message = `${spec.ports === undefined ? 'is missing' : 'is empty'}, and a Service needs a port`;
  const hint = `Give the port on which ${name} is reached, such as [{port: 80, targetPort: 8080}].`;
  return [{ path: ['ports'], message, hint }];
}

function checkExternalName(name: Json | undefined): Contradiction[] {
  const fits = typeof name === 'string' && name.length <= MAX_SUBDOMAIN && domain.test(name);
  if (fits) return [];
  const message = name === undefined ? 'is missing, and type ExternalName needs it' : 'is no host name';
  return [{ path: ['externalName'], message, hint: 'Give a host name in small letters, such as shop.example.com.' }];
}

const domain = new RegExp(`^${SUBDOMAIN}\\.?$`);

/** Several ports are told apart by their names, and each by its number and protocol. */
function checkPorts(ports: readonly JsonObject[]): Contradiction[] {
  if (ports.length < 2) return [];
  const names = ports.map(({ name }) => name ?? undefined);
  const sockets = ports.map(({ port, protocol }) => `${port}/${protocol ?? 'TCP'}`);
  return ports.flatMap(({ port }, i): Contradiction[] => {
    const first = names.indexOf(names[i]);
    if (names[i] === undefined) {
      const message = 'is missing, and a Service tells several ports apart by their names';
      return [{ path: ['ports', i, 'name'], message, hint: 'Give every port a name, such as http.' }];
    }
    if (first < i) {
      const message = `is ${JSON.stringify(names[i])} again, the name of ports[${first}]`;
      return [{ path: ['ports', i, 'name'], message, hint: 'Give every port a name of its own.' }];
    }
    const twin = sockets.indexOf(sockets[i] ?? '');
    if (twin === i) return [];
    const message = `is ${port} again, that of ports[${twin}] for the same protocol`;
    return [{ path: ['ports', i, 'port'], message, hint: 'Give every port once.' }];
  });
}

function checkNodePorts({ type = 'ClusterIP' }: JsonObject, ports: readonly JsonObject[]): Contradiction[] {
  if (type !== 'ClusterIP') return [];
  return ports.flatMap(({ nodePort }, i): Contradiction[] => {
    if (!nodePort) return [];
    const message = 'stands in a Service of type ClusterIP, which has no port on the nodes';
    return [{ path: ['ports', i, 'nodePort'], message, hint: 'Remove it, or give type: NodePort.' }];
  });
}
