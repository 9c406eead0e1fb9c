import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '../../src/gitops/backend.js';
import { makeBackend as makeLocal } from '../../src/gitops/backends/local.js';
import { makeBackend as makePush } from '../../src/gitops/backends/push.js';
import { defaultGit, type GitSettings } from '../../src/values/project/git.js';
import type { Ground } from './conformance/backend-suite.js';
import { ScratchRepository, scratchFolder } from './scratch-repository.js';

type Contents = { readonly [path: string]: string };

/** What a backend of tests says beside its task. */
export interface Told {
  readonly told: string[];
}

export function localGround(files: Contents): Ground & Told {
  const copy = new ScratchRepository(files);
  const told: string[] = [];
  const make = (): Backend =>
    makeLocal({ directory: copy.root, settings: defaultGit, tell: (text) => told.push(text) });
  const git = (...args: readonly string[]) => copy.git(...args);
  const person = (changes: Contents) => commitAs(copy, changes);
  return { backend: make(), copy, second: async () => make(), git, person, told };
}

/** A bare repository, the clone that a backend works in, and one of a person's. */
export interface PushGround extends Ground, Told {
  /** The folder of the bare repository. */
  readonly server: string;
  readonly theirs: ScratchRepository;
  /** Returns a second clone and what publishes from it. */
  another(): { readonly clone: ScratchRepository; readonly backend: Backend };
}

/** How a backend that pushes is made. */
export interface PushOptions {
  readonly settings?: Partial<GitSettings>;
  readonly timeout?: number;
  /** @default the folder itself, as a file:// URL */
  readonly url?: (server: string) => string;
  /** The URL of a repository that somebody else keeps: what it holds is replaced. @default one of the ground's own */
  readonly hosted?: string;
}

export function pushGround(files: Contents, options: PushOptions = {}): PushGround {
  const theirs = new ScratchRepository(files);
  const server = join(scratchFolder(), 'releases.git');
  execFileSync('git', ['clone', '--quiet', '--bare', theirs.root, server]);
  execFileSync('git', ['config', 'http.receivepack', 'true'], { cwd: server });
  const { hosted } = options;
  theirs.git('remote', 'add', 'origin', hosted ?? server);
  if (hosted !== undefined) theirs.git('push', '--quiet', '--force', 'origin', 'main');
  const url = hosted ?? options.url?.(server) ?? `file://${server}`;
  const copy = cloneOf(server, url);
  const run = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: server, encoding: 'utf8', stdio: 'pipe' }).replace(/\n$/, '');
  const told: string[] = [];
  return {
    ...{ copy, server, theirs, told },
    backend: pusher(copy, options, told),
    second: async () => pusher(cloneOf(hosted ?? server, url), options, told),
    another() {
      const clone = cloneOf(hosted ?? server, url);
      return { clone, backend: pusher(clone, options, told) };
    },
    git(...args) {
      if (hosted !== undefined) run('fetch', '--quiet', hosted, '+main:main');
      return run(...args);
    },
    person(changes) {
      theirs.git('fetch', '--quiet', 'origin');
      theirs.git('reset', '--quiet', '--hard', 'origin/main');
      commitAs(theirs, changes);
      theirs.git('push', '--quiet', 'origin', 'main');
    },
  };
}

/** Returns a backend that pushes from a clone. */
export function pusher(copy: ScratchRepository, { settings, timeout }: PushOptions, told: string[] = []): Backend {
  const all: GitSettings = { ...defaultGit, backend: 'push', ...settings };
  const tell = (text: string) => told.push(text);
  return makePush({ directory: copy.root, settings: all, tell, ...(timeout !== undefined && { timeout }) });
}

/** The server at `url` may be in this process, which a git of ours stops: the clone itself is made of the folder. */
export function cloneOf(server: string, url: string): ScratchRepository {
  const copy = new ScratchRepository();
  copy.git('remote', 'add', 'origin', server);
  copy.git('fetch', '--quiet', 'origin');
  copy.git('reset', '--quiet', '--hard', 'origin/main');
  copy.git('remote', 'set-url', 'origin', url);
  return copy;
}

/** Two contents stand for something else: a link, and another mode of the file that is there. */
function commitAs(repository: ScratchRepository, files: Contents): void {
  for (const [path, content] of Object.entries(files)) {
    if (content === 'executable') chmodSync(join(repository.root, path), 0o755);
    else if (content === 'symbolic link') {
      rmSync(join(repository.root, path), { force: true });
      symlinkSync('r', join(repository.root, path));
    } else repository.write(path, content);
  }
  repository.git('add', '--', ...Object.keys(files));
  repository.git('commit', '--quiet', '--message', 'feat: theirs');
}
