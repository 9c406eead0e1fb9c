import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ReleaseEvent } from '../../../src/notify/event.js';
import { rollBack, Teller } from '../../notify/ground.js';
import { type Heard, Listener } from '../../notify/listener.js';
import { tools } from '../tools.js';
import { GithubContract } from './github-contract.js';

const contract = new GithubContract();
const token = 'ghp_pl4nted0token';
const file = 'releases/reviews/values.yaml';
const examples = JSON.parse(readFileSync(tools.githubApi, 'utf8')).components.examples;

interface Hub {
  readonly listener: Listener;
  readonly faults: string[];
}

/** A repository of GitHub as far as notifications ask for it; `requests` has the pull requests of a commit. */
async function github(requests: (commit: string) => readonly object[] = () => []): Promise<Hub> {
  const faults: string[] = [];
  const listener = await Listener.start((response, heard) => {
    const [status, answer] = answerTo(heard, requests);
    const path = heard.path.replace('/api/v3', '');
    const request = heard.body === '' ? undefined : JSON.parse(heard.body);
    faults.push(...contract.restFaults({ method: heard.method, path, request, status, answer }));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  return { listener, faults };
}

function answerTo({ path, headers }: Heard, requests: (commit: string) => readonly object[]): [number, unknown] {
  const refusal = { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' };
  if (headers.authorization !== `Bearer ${token}`) return [401, refusal];
  const commit = /\/commits\/(\w+)\/pulls/.exec(path)?.[1];
  if (commit !== undefined) return [200, requests(commit)];
  return [201, examples[path.includes('/statuses/') ? 'status' : 'issue-comment'].value];
}

/** GitHub's own example, which lacks a key that its description asks for. */
function pullRequest(number: number, merged: boolean): object {
  const [example] = examples['pull-request-simple-items'].value;
  const state = merged ? 'closed' : 'open';
  return { ...example, number, state, merged_at: merged ? '2026-11-20T10:00:00Z' : null, requested_teams: [] };
}

function teller({ listener }: Hub, kind: string, also: Partial<{ token: string; isPublished: boolean }> = {}): Teller {
  const yaml = `git: {backend: push, url: "${listener.url}/api/v3", repository: ada/cells}
notifications: [{kind: ${kind}, token: {env: TOKEN}}]
`;
  const { token: own = token, ...rest } = also;
  return new Teller(yaml, { TOKEN: own }, rest);
}

describe('github-status', () => {
  it('writes a status at the new commit, as GitHub describes it', async () => {
    const hub = await github();
    const promoted: ReleaseEvent = {
      ...rollBack,
      kind: 'promote',
      releases: ['team/ratings'],
      reason: 'ü@ "'.repeat(90),
    };
    expect(await teller(hub, 'github-status').tell([rollBack, promoted])).toEqual([
      { kind: 'github-status', delivered: true, messages: 2 },
    ]);
    expect(hub.faults).toEqual([]);
    expect(hub.listener.heard.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array(2).fill(`POST /api/v3/repos/ada/cells/statuses/${rollBack.commit}`),
    );
    const [first, second] = hub.listener.bodies as { state: string; context: string; description: string }[];
    expect(first).toEqual({
      state: 'failure',
      context: 'sluice/reviews',
      description: 'roll back reviews-v2 5 % → 0 %: reviews-v2 breaks error-rate: 30 % of 300 requests failed',
    });
    expect(second).toMatchObject({ state: 'success', context: 'sluice/team/ratings' });
    expect(second?.description.length).toBe(140);
  });

  it('says why it could not, without the token', async () => {
    const hub = await github();
    const [refused] = await teller(hub, 'github-status', { token: 'ghp_pl4nted0other' }).tell([rollBack]);
    expect(refused).toMatchObject({ delivered: false, error: expect.stringMatching(/answers 401: .*Bad credentials/) });
    expect(JSON.stringify(refused)).not.toContain('pl4nted');
    const [early] = await teller(hub, 'github-status', { isPublished: false }).tell([rollBack]);
    expect(early?.error).toBe('Cannot tell of a commit by github-status: it is not on the server');
    expect(hub.listener.heard).toHaveLength(1);
    expect(hub.faults).toEqual([]);
  });

  it('sends a token that was given for another server to nobody', async () => {
    const hub = await github();
    const yaml = `git: {backend: push, url: "${hub.listener.url}/api/v3", repository: ada/cells, token: {env: TOKEN}}
notifications: [{kind: github-status}]
`;
    const other = new Teller(yaml, { TOKEN: token });
    other.repository.git('remote', 'add', 'origin', 'https://git.example/ada/cells.git');
    const [delivery] = await other.tell([rollBack]);
    expect(delivery?.error).toBe(
      'Cannot read the token of github-status from the variable GITHUB_TOKEN: there is none',
    );
    expect(hub.listener.heard).toEqual([]);
  });
});

describe('github-status of an app', () => {
  it('signs in as the app that commits', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const made = { token, expires_at: '2099-01-01T00:00:00Z', permissions: {}, repository_selection: 'all' };
    const listener = await Listener.start((response, { path }) => {
      const answer = path.endsWith('/app/installations/7/access_tokens') ? made : examples.status.value;
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    const yaml = `git:
  {backend: github, url: "${listener.url}/api/v3", repository: ada/cells, app: {id: 1, installation: 7, key: {env: KEY}}}
notifications: [{kind: github-status}]
`;
    const asking = new Teller(yaml, { KEY: key });
    asking.repository.git('remote', 'add', 'origin', 'git@github.com:ada/cells.git');
    expect(await asking.tell([rollBack])).toEqual([{ kind: 'github-status', delivered: true, messages: 1 }]);
    expect(listener.heard.at(-1)).toMatchObject({
      path: `/api/v3/repos/ada/cells/statuses/${rollBack.commit}`,
      headers: { authorization: `Bearer ${token}` },
    });
  });
});

describe('github-comment', () => {
  it('comments on the pull request that brought the candidate', async () => {
    const hub = await github((commit) => (commit === brought ? [pullRequest(8, false), pullRequest(7, true)] : []));
    const { event, asking, brought } = history(hub);
    expect(await asking.tell([event])).toEqual([{ kind: 'github-comment', delivered: true, messages: 1 }]);
    expect(hub.faults).toEqual([]);
    expect(hub.listener.heard.map(({ path }) => path.replace('/api/v3/repos/ada/cells', ''))).toEqual([
      `/commits/${brought}/pulls?per_page=10`,
      '/issues/7/comments',
    ]);
    const { body } = JSON.parse(hub.listener.heard[1]?.body ?? '') as { body: string };
    expect(body).toBe(
      '**roll back** of reviews: roll back reviews-v2 5 % → 0 %\n\n' +
        `asked by \`@ada\` in \`#3\` \`<b>\` \`![x](https://evil.example/y)\`\n\n${event.commit}\n`,
    );
  });

  it('comments on that of the new commit where none brought the candidate, and on nothing where there is none', async () => {
    let found: object[] = [pullRequest(9, true)];
    const hub = await github((commit) => (commit === event.commit ? found : []));
    const { event, asking } = history(hub);
    expect(await asking.tell([event])).toMatchObject([{ delivered: true, messages: 1 }]);
    expect(hub.listener.heard.at(-1)?.path).toMatch(/\/issues\/9\/comments$/);
    found = [];
    expect(await asking.tell([event])).toEqual([{ kind: 'github-comment', delivered: true, messages: 0 }]);
    expect(hub.listener.heard).toHaveLength(5);
    expect(hub.faults).toEqual([]);
  });

  it('says that an answer is none of GitHub', async () => {
    const listener = await Listener.start((response) => void response.end('{"message": "hello"}'));
    const { event, asking } = history({ listener, faults: [] });
    expect(await asking.tell([event])).toEqual([
      {
        ...{ kind: 'github-comment', delivered: false, messages: 0 },
        error: 'the answer is no list of pull requests',
      },
    ]);
  });
});

/** A candidate that a commit brought, and one that rolls it back. */
function history(hub: Hub) {
  const asking = teller(hub, 'github-comment');
  const { repository } = asking;
  const commit = (content: string) => {
    repository.write(file, content);
    repository.git('add', '--all');
    repository.git('commit', '--quiet', '--message', 'a change');
    return repository.git('rev-parse', 'HEAD');
  };
  const brought = commit('image: r:v2\n');
  const event: ReleaseEvent = {
    ...rollBack,
    commit: commit('image: r:v2\nweight: 0\n'),
    reason: 'asked by @ada in #3 <b> ![x](https://evil.example/y)',
    written: { file, image: 'r:v2' },
  };
  return { event, asking, brought };
}
