/** A question to the REST interface of Gitea. */
export interface GiteaQuestion {
  readonly method: string;
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: { readonly $ref?: string };
}

/** The parts of its description, in Swagger 2.0, that are read. */
export interface GiteaDescription {
  readonly basePath: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly Parameter[] }>>>>;
  readonly definitions: Readonly<Record<string, { readonly properties?: object }>>;
}

/** Returns what in a question Gitea does not describe, and so would ignore: an operation, a parameter or a key. */
export function unknownIn({ method, url, body }: GiteaQuestion, { basePath, paths, definitions }: GiteaDescription) {
  const { pathname, searchParams } = new URL(url);
  const path = pathname.replace(basePath, '');
  const matching = Object.keys(paths).filter((each) => isOf(each, path) && paths[each]?.[method.toLowerCase()]);
  const [template = ''] = matching.sort((a, b) => literal(b) - literal(a));
  const operation = paths[template]?.[method.toLowerCase()];
  if (operation === undefined) return [`${method} ${path}`];
  const { parameters = [] } = operation;
  const queries = parameters.filter((each) => each.in === 'query').map(({ name }) => name);
  const reference = parameters.find((each) => each.in === 'body')?.schema?.$ref ?? '';
  const keys = Object.keys(definitions[reference.replace('#/definitions/', '')]?.properties ?? {});
  const unknown = [
    ...[...searchParams.keys()].filter((name) => !queries.includes(name)),
    ...Object.keys(body).filter((key) => !keys.includes(key)),
  ];
  return unknown.map((name) => `${method} ${template}: ${name}`);
}

function isOf(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{.*?\}/g, '[^/]+')}$`).test(path);
}

function literal(template: string): number {
  return template.replaceAll(/\{.*?\}/g, '').length;
}
