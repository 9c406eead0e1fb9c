import * as z from 'zod';
import type { Exchange } from './fake-forge.js';

/**
 * What GitLab documents of the operations that are used, in words of our own: which parameters there are, what of the
 * answers is read, and with which statuses it refuses. Read by hand, in November 2026, from the pages "Merge requests
 * API" (list project merge requests, create, update), "Notes API" (create a merge request note), "Users API" (list
 * users) and "REST API" (status codes) of docs.gitlab.com: its OpenAPI description lies in GitLab's own repository
 * alone, and no package that the registry has carries it.
 */
const request = z.object({
  iid: z.int(),
  title: z.string(),
  description: z.string().nullable(),
  state: z.enum(['opened', 'closed', 'locked', 'merged']),
  merged_at: z.iso.datetime().nullable(),
  source_branch: z.string(),
  target_branch: z.string(),
  source_project_id: z.int(),
  target_project_id: z.int(),
  labels: z.array(z.string()),
  web_url: z.url(),
});

interface Operation {
  readonly query?: z.ZodType;
  readonly request?: z.ZodType;
  readonly status: number;
  readonly answer: z.ZodType;
  /** The statuses of refusals beside those of `everywhere`. */
  readonly refusals?: readonly number[];
}

/** Of the token, of limits, of what is not there, and of gateways. */
const everywhere = [307, 401, 403, 404, 429, 500, 502, 503, 504];

/** A page of a list holds at most a hundred. */
const perPage = z.coerce.number().int().min(1).max(100);

const operations: Readonly<Record<string, Operation>> = {
  'GET /projects/:id/merge_requests': {
    query: z.strictObject({
      source_branch: z.string(),
      state: z.enum(['opened', 'closed', 'locked', 'merged', 'all']),
      order_by: z.enum([
        'created_at',
        'label_priority',
        'milestone_due',
        'popularity',
        'priority',
        'title',
        'updated_at',
      ]),
      sort: z.enum(['asc', 'desc']),
      per_page: perPage,
    }),
    status: 200,
    answer: z.array(request),
  },
  'POST /projects/:id/merge_requests': {
    request: z.strictObject({
      source_branch: z.string(),
      target_branch: z.string(),
      title: z.string(),
      description: z.string().max(1_048_576).optional(),
      remove_source_branch: z.boolean().optional(),
    }),
    status: 201,
    answer: request,
    refusals: [400, 409, 422],
  },
  'PUT /projects/:id/merge_requests/:iid': {
    request: z
      .strictObject({
        title: z.string(),
        description: z.string().max(1_048_576),
        state_event: z.enum(['close', 'reopen']),
        add_labels: z.string(),
        reviewer_ids: z.array(z.int()),
      })
      .partial(),
    status: 200,
    answer: request,
    refusals: [400, 409, 422],
  },
  'POST /projects/:id/merge_requests/:iid/notes': {
    request: z.strictObject({ body: z.string() }),
    status: 201,
    answer: z.object({ id: z.int(), body: z.string() }),
  },
  'GET /users': {
    query: z.strictObject({ username: z.string() }),
    status: 200,
    answer: z.array(z.object({ id: z.int(), username: z.string() })),
  },
};

/** Returns what is wrong with a question to GitLab, or with its answer. */
export function gitlabFaults({ method, path, authorization, request: body, status, answer }: Exchange): string[] {
  const { pathname, searchParams } = new URL(path, 'http://gitlab.example');
  const name = `${method} ${pathname.replace(/^\/projects\/[^/]+/, '/projects/:id').replace(/\/\d+/, '/:iid')}`;
  const operation = operations[name];
  if (operation === undefined) return [`${name}: GitLab has no such operation`];
  const { refusals = [] } = operation;
  const isRefusal = [...everywhere, ...refusals].includes(status);
  if (!isRefusal && status !== operation.status) return [`${name}: answer: GitLab has no status ${status} for it`];
  const parts: (readonly [string, z.ZodType | undefined, unknown])[] = [
    ['query', operation.query ?? z.strictObject({}), Object.fromEntries(searchParams)],
    ['request', operation.request ?? z.undefined(), body],
    ['answer', isRefusal ? undefined : operation.answer, answer],
    ['authorization', z.string().regex(/^Bearer \S+$/), authorization],
  ];
  return parts.flatMap(([part, schema, value]) => {
    const issues = schema?.safeParse(value).error?.issues ?? [];
    return issues.map((issue) => `${name}: ${part}.${issue.path.join('.')}: ${issue.message}`);
  });
}
