import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { loopback } from '../free-ports.js';
import { tools } from '../tools.js';

interface Settings {
  readonly folder: string;
  readonly ports: { readonly http: number; readonly ssh: number };
}

/** Returns app.ini of a Gitea that keeps all in the folder, asks nothing of the outside, and does no work of its own accord. */
export function giteaSettings({ folder, ports }: Settings): string {
  const sections = {
    server: {
      STATIC_ROOT_PATH: dirname(tools.gitea),
      APP_DATA_PATH: join(folder, 'data'),
      HTTP_ADDR: loopback,
      HTTP_PORT: ports.http,
      ROOT_URL: `http://${loopback}:${ports.http}/`,
      OFFLINE_MODE: true,
      START_SSH_SERVER: true,
      SSH_LISTEN_HOST: loopback,
      SSH_LISTEN_PORT: ports.ssh,
      SSH_DOMAIN: loopback,
      SSH_PORT: ports.ssh,
      BUILTIN_SSH_SERVER_USER: 'git',
      SSH_ROOT_PATH: join(folder, 'ssh'),
    },
    database: { DB_TYPE: 'sqlite3', PATH: join(folder, 'gitea.db'), SQLITE_JOURNAL_MODE: 'WAL' },
    repository: { ROOT: join(folder, 'repositories'), DEFAULT_BRANCH: 'main' },
    security: { INSTALL_LOCK: true, PASSWORD_HASH_ALGO: 'pbkdf2_v2', SECRET_KEY: 'of-the-tests' },
    log: { MODE: 'console', LEVEL: 'Warn', ROOT_PATH: join(folder, 'log') },
    'log.console': { COLORIZE: false },
    mailer: { ENABLED: false },
    service: { DISABLE_REGISTRATION: true },
    indexer: { ISSUE_INDEXER_TYPE: 'db' },
    actions: { ENABLED: false },
    packages: { ENABLED: false },
    cron: { ENABLED: false },
    'cron.update_checker': { ENABLED: false },
  };
  // A container's only user is often root.
  const user = { RUN_USER: userInfo().username, I_AM_BEING_UNSAFE_RUNNING_AS_ROOT: true };
  const texts = Object.entries(sections).map(([name, settings]) => `[${name}]\n${linesOf(settings)}`);
  return `${[linesOf(user), ...texts].join('\n\n')}\n`;
}

function linesOf(settings: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}`)
    .join('\n');
}
