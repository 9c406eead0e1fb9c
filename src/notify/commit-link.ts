import type { PullRequestSettings } from '../values/project/pull-requests.js';

const overHttp = /^(https?):\/\/(?:[^@/]*@)?([^/@]+)\/(.+)$/i;
const overSsh = /^ssh:\/\/(?:[^@/]*@)?([^/:@]+)(?::\d+)?\/(.+)$/i;
const asScp = /^(?:[^@/\s]+@)?([^/:\s]+):(?!\/\/)(.+)$/;

/** Returns what makes of a commit the URL of its page, as far as the URL of the remote tells where those are. */
export function linkFor(
  remoteUrl: string | undefined,
  host: PullRequestSettings['host'] | undefined,
): (commit: string) => string | undefined {
  const page = remoteUrl === undefined ? undefined : pageOf(remoteUrl);
  if (page === undefined) return () => undefined;
  const isGitlab = host === undefined ? /^https?:\/\/gitlab\./.test(page) : host === 'gitlab';
  return (commit) => `${page}${isGitlab ? '/-' : ''}/commit/${commit}`;
}

/** The port of ssh says nothing about that of http. */
function pageOf(remoteUrl: string): string | undefined {
  const [, scheme = 'https', host, path] = overHttp.exec(remoteUrl) ?? [];
  const [, sshHost = host, sshPath = path] = overSsh.exec(remoteUrl) ?? (host ? [] : (asScp.exec(remoteUrl) ?? []));
  const name = sshPath?.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  if (sshHost === undefined || !name?.includes('/') || /[\s<>|"]|\p{Cc}/u.test(name + sshHost)) return undefined;
  return `${scheme.toLowerCase()}://${sshHost.toLowerCase().replace(/^ssh\.github\.com$/, 'github.com')}/${name}`;
}
