import type { Dialect, Kept } from './fake-forge.js';

const people: readonly string[] = ['bob', 'eve'];

/** The part of GitLab that requests need, for the project `ada/releases`. */
export const gitlabDialect: Dialect = ({ method, path, query, body, forge }) => {
  const root = '/projects/ada/releases/merge_requests';
  const kept = forge.kept.find((each) => each.number === Number(/\/(\d+)/.exec(path)?.[1]));
  switch (`${method} ${path.replace(/\/\d+/, '/N')}`) {
    case `GET ${root}`: {
      const found = forge.kept.filter((each) => each.branch === query.get('source_branch')).toReversed();
      return { status: 200, answer: found.map(shown) };
    }
    case `POST ${root}`: {
      const { source_branch: branch, target_branch: base, title, description } = body as Record<string, string>;
      const there = forge.kept.find((each) => each.branch === branch && each.state === 'open' && !each.fork);
      if (there !== undefined) {
        return { status: 409, answer: { message: [`Another open merge request already exists: !${there.number}`] } };
      }
      return {
        status: 201,
        answer: shown(forge.keep({ branch: `${branch}`, base: `${base}`, title: `${title}`, body: `${description}` })),
      };
    }
    case `PUT ${root}/N`: {
      if (kept === undefined) return undefined;
      const {
        title,
        description,
        state_event: event,
        add_labels: labels,
        reviewer_ids: ids,
      } = body as Record<string, string> & {
        reviewer_ids?: number[];
      };
      Object.assign(kept, { ...(title && { title }), ...(description && { body: description }) });
      if (event === 'close') kept.state = 'closed';
      kept.labels.push(...(labels?.split(',') ?? []));
      kept.reviewers = ids?.map((id) => people[id - 1] ?? '') ?? kept.reviewers;
      return { status: 200, answer: shown(kept) };
    }
    case `POST ${root}/N/notes`:
      kept?.comments.push(`${body.body}`);
      return { status: 201, answer: { id: 1, body: body.body } };
    case 'GET /users': {
      const id = people.indexOf(query.get('username') ?? '') + 1;
      return { status: 200, answer: id === 0 ? [] : [{ id, username: people[id - 1] }] };
    }
    default:
      return undefined;
  }
};

function shown({ number, title, body, state, mergedAt, labels, fork, branch, base }: Kept) {
  return {
    ...{
      iid: number,
      title,
      description: body,
      state: state === 'open' ? 'opened' : state,
      merged_at: mergedAt ?? null,
    },
    ...{ source_branch: branch, target_branch: base, labels, source_project_id: fork ? 8 : 7, target_project_id: 7 },
    web_url: `https://gitlab.example/ada/releases/-/merge_requests/${number}`,
  };
}
