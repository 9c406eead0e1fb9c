import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

export const loopback = '127.0.0.1';

/** Returns a port of 127.0.0.1 for each name that is free now; all differ. */
export async function freePorts<Name extends string>(...names: readonly Name[]): Promise<Record<Name, number>> {
  // All are open before one is closed, so that they differ.
  const servers = names.map((name) => ({ name, server: createServer() }));
  for (const { server } of servers) await once(server.listen(0, loopback), 'listening');
  const ports = servers.map(({ name, server }) => [name, (server.address() as AddressInfo).port] as const);
  for (const { server } of servers) await once(server.close(), 'close');
  return Object.fromEntries(ports) as Record<Name, number>;
}
