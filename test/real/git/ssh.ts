import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The key of a person, and the ssh that uses it and nothing else of the machine. */
export interface SshIdentity {
  /** As a server takes it: `ssh-ed25519 …` */
  readonly publicKey: string;
  readonly privateKeyFile: string;
  /** What ssh keeps of the servers that it has met. */
  readonly knownHostsFile: string;
  /** For `GIT_SSH_COMMAND`: it takes the key of a server at the first sight, asks nobody, and gives up after 5 s. */
  readonly command: string;
  remove(): void;
}

const keygen = 'ssh-keygen';

/** Makes a key. @throws Error when ssh-keygen is absent */
export function sshIdentity(): SshIdentity {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-ssh-')));
  const [key, known] = [join(folder, 'key'), join(folder, 'known_hosts')];
  execFileSync(keygen, ['-q', '-t', 'ed25519', '-N', '', '-C', 'ada@example.test', '-f', key]);
  const options = {
    IdentityFile: key,
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    UserKnownHostsFile: known,
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'accept-new',
    BatchMode: 'yes',
    ConnectTimeout: '5',
  };
  const words = Object.entries(options).map(([name, value]) => `-o ${name}=${value}`);
  return {
    publicKey: readFileSync(`${key}.pub`, 'utf8').trim(),
    privateKeyFile: key,
    knownHostsFile: known,
    command: ['ssh', '-F', '/dev/null', ...words].join(' '),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
