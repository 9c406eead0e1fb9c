import type { HostInput, HostName, OpenedHost, OpenHost } from './host.js';

/** Every host by its name, loaded when it is chosen; adding one is a file and an entry here. */
const hosts = {
  github: () => import('./hosts/github.js'),
  gitlab: () => import('./hosts/gitlab.js'),
  gitea: () => import('./hosts/gitea.js'),
} as const satisfies { readonly [name in HostName]: () => Promise<{ readonly open: OpenHost }> };

/** Opens the host of a name. */
export async function openHost(name: HostName, input: HostInput): Promise<OpenedHost> {
  return (await hosts[name]()).open(input);
}
