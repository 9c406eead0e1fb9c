import type { Dialect, Kept } from './fake-forge.js';

/** GitHub's own examples, for the parts of answers that nobody reads here. */
export interface GithubExamples {
  readonly pull: object;
  readonly simple: object;
  readonly label: object;
  readonly comment: object;
}

const none: GithubExamples = { pull: {}, simple: {}, label: {}, comment: {} };

/** The part of GitHub that requests need, for the repository `ada/releases`. */
export function githubDialect(examples: GithubExamples = none): Dialect {
  const root = '/repos/ada/releases';
  const shown = (kept: Kept, example: object) => {
    const { number, title, body, state, mergedAt, labels } = kept;
    const { head, base } = example as { head?: { repo?: object }; base?: object };
    return {
      ...example,
      ...{ number, title, body, html_url: `https://github.example/ada/releases/pull/${number}` },
      ...{ state: state === 'open' ? 'open' : 'closed', merged_at: mergedAt ?? null },
      labels: labels.map((name) => ({ ...examples.label, name })),
      head: {
        ...head,
        ref: kept.branch,
        repo: { ...head?.repo, full_name: kept.fork ? 'ada/a-fork' : 'ada/releases' },
      },
      base: { ...base, ref: kept.base },
    };
  };
  return ({ method, path, query, body, forge }) => {
    const number = Number(/\/(\d+)/.exec(path)?.[1]);
    const kept = forge.kept.find((each) => each.number === number);
    switch (`${method} ${path.replace(/\/\d+/, '/N')}`) {
      case `GET ${root}/pulls`: {
        const branch = query.get('head')?.replace(/^ada:/, '');
        const found = forge.kept.filter((each) => each.branch === branch).toReversed();
        return { status: 200, answer: found.map((each) => shown(each, examples.simple)) };
      }
      case `POST ${root}/pulls`: {
        const { head, base, title, body: text } = body as Record<'head' | 'base' | 'title' | 'body', string>;
        if (forge.kept.some((each) => each.branch === head && each.state === 'open' && !each.fork)) {
          return { status: 422, answer: { message: 'A pull request already exists', documentation_url: '' } };
        }
        return { status: 201, answer: shown(forge.keep({ branch: head, base, title, body: text }), examples.pull) };
      }
      case `PATCH ${root}/pulls/N`:
        if (kept === undefined) return undefined;
        Object.assign(kept, body);
        return { status: 200, answer: shown(kept, examples.pull) };
      case `POST ${root}/issues/N/labels`:
        kept?.labels.push(...(body.labels as string[]));
        return { status: 200, answer: kept?.labels.map((name) => ({ ...examples.label, name })) };
      case `POST ${root}/issues/N/comments`:
        kept?.comments.push(body.body as string);
        return { status: 201, answer: { ...examples.comment, body: body.body } };
      case `POST ${root}/pulls/N/requested_reviewers`: {
        if (kept === undefined) return undefined;
        const { reviewers, team_reviewers: teams } = body as { reviewers: string[]; team_reviewers: string[] };
        if (reviewers.includes('nobody'))
          return {
            status: 422,
            answer: { message: 'Reviews may only be requested from collaborators', documentation_url: '' },
          };
        kept.reviewers.push(...reviewers, ...teams.map((team) => `team ${team}`));
        return { status: 201, answer: shown(kept, examples.simple) };
      }
      default:
        return undefined;
    }
  };
}
