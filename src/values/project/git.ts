import * as z from 'zod';
import { SecretSource } from '../../secret.js';
import { type PullRequestSettings, PullRequestsFile } from './pull-requests.js';
import { apiUrl } from './safe-api.js';

const backends = ['local', 'push', 'github'] as const;

/** Variables of the template of a commit's subject. */
export const messageVariables = ['release', 'summary', 'decision', 'verdict', 'iteration'] as const;

const Message = z
  .string()
  .refine((text) => text.includes('{{summary}}'), { error: 'says nothing: name {{summary}} in it' })
  .refine((text) => !/\p{Cc}/u.test(text), { error: 'is more than one line: give the subject of a commit' })
  .refine((text) => !/^\s*#/.test(text), {
    error: 'starts with #, which git takes for a comment: put a word before it',
  })
  .refine((text) => unknownVariables(text).length === 0, {
    error: ({ input }) =>
      `has no variable ${unknownVariables(String(input)).join(', ')}: use ${messageVariables.map((name) => `{{${name}}}`).join(', ')}`,
  });

/** The name of a branch or remote that git takes, and takes for nothing else. */
const RefName = z
  .string()
  .regex(
    /^(?![-/.])(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)))[^\p{Cc}\s~^:?*[\\]*[^\p{Cc}\s~^:?*[\\/.]$/u,
    'is no name of a branch or a remote: write it as git does, such as main or origin',
  );

const Whole = z.int().min(1);

/** An installation of a GitHub App. */
const GithubApp = z.strictObject({
  /** Of the app, or its client id. */
  id: z.union([Whole, z.string().regex(/^[\w.-]+$/, 'is no id of a GitHub App: give its number or its client id')]),
  installation: Whole,
  key: SecretSource,
});

/** Names as GitHub allows them. */
const OwnerAndName = z
  .string()
  .regex(/^[A-Za-z0-9](?:[\w-]*)\/(?!\.{1,2}$)[\w.-]+$/, 'is no repository of a host: write it as owner/name');

/** `git` in `sluice.yaml`. */
export const GitFile = z
  .strictObject({
    backend: z.enum(backends).optional(),
    remote: RefName.optional(),
    branch: RefName.optional(),
    message: Message.optional(),
    pushesPerMinute: z.int().min(1).optional(),
    writesPerHour: z.int().min(1).optional(),
    token: SecretSource.optional(),
    app: GithubApp.optional(),
    url: apiUrl('https://github.example.com/api/v3').optional(),
    repository: OwnerAndName.optional(),
    pullRequests: PullRequestsFile.optional(),
  })
  .refine(({ backend = 'local', pullRequests }) => pullRequests === undefined || backend !== 'local', {
    path: ['pullRequests'],
    error: 'needs a server to open requests on: set git.backend to push or github',
  })
  .refine(({ token, app }) => token === undefined || app === undefined, {
    path: ['app'],
    error: 'is a second way to sign in beside git.token: keep one of them',
  });

/** How decisions get into the repository. */
export interface GitSettings {
  /** Default `local`. */
  readonly backend: (typeof backends)[number];
  /** Default `origin`. */
  readonly remote: string;
  /** Default: the branch that is checked out. */
  readonly branch: string | undefined;
  /** The template of a commit's subject; default `chore({{release}}): {{summary}}`. */
  readonly message: string;
  /** Default 6, of which one is kept for rollbacks. */
  readonly pushesPerMinute: number;
  /** Commits that are published; default 500, of which a tenth is kept for rollbacks. */
  readonly writesPerHour: number;
  /** Where the token for the server is; without it git's own credentials count. */
  readonly token: SecretSource | undefined;
  /** For `github`: the GitHub App that commits, instead of a token. */
  readonly app: z.infer<typeof GithubApp> | undefined;
  /** For `github`: its API; default that of github.com, or what `GITHUB_API_URL` says. */
  readonly url: string | undefined;
  /** For `github`: `owner/name`; default what the URL of the remote says. */
  readonly repository: string | undefined;
  /** Without it, every commit goes straight to the branch. */
  readonly pullRequests: PullRequestSettings | undefined;
}

/** The settings where `sluice.yaml` says nothing. */
export const defaultGit: GitSettings = {
  backend: 'local',
  remote: 'origin',
  branch: undefined,
  message: 'chore({{release}}): {{summary}}',
  pushesPerMinute: 6,
  writesPerHour: 500,
  token: undefined,
  app: undefined,
  url: undefined,
  repository: undefined,
  pullRequests: undefined,
};

function unknownVariables(text: string): string[] {
  const names = [...text.matchAll(/\{\{((?:(?!\{\{|\}\}).)*)\}\}/g)].map(([, name = '']) => name.trim());
  return names.filter((name) => !messageVariables.some((known) => known === name));
}
