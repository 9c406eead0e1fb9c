import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments, type ScalarTag } from 'yaml';
import type { JsonObject } from '../../src/release/json.js';
import { kubernetesObjects } from './kubernetes-objects.js';
import { shortLived } from './short-lived.js';
import { tools } from './tools.js';

const run = promisify(execFile);
const options = { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, ...shortLived } };

/** Two: the processes are short, and more of them only wait for one another. */
const PARALLEL = 2;

interface HelmOptions {
  /** The text of the values file. */
  readonly values: string;
  /** Whether they are the chart's own, and no `-f` is given. */
  readonly own?: boolean | undefined;
  readonly name: string;
  readonly namespace: string;
  /** @default Helm 3, as `npm run tools` installs it */
  readonly helm?: string | undefined;
}

/**
 * Returns the objects that `helm template` renders, without hooks. Each is read as YAML 1.1 and as 1.2, since
 * Kubernetes' parser mixes the two.
 *
 * @throws Error with Helm's own words, or with the text that the two read apart
 */
export async function helmTemplate(chart: string, rendering: HelmOptions): Promise<JsonObject[]> {
  const { values, own = false, name, namespace, helm = tools.helm } = rendering;
  await free();
  try {
    const render = async (...given: readonly string[]) => {
      const rendering = run(helm, ['template', name, ...given, '--namespace', namespace], options);
      // A Helm that ends before it has read everything says why itself.
      rendering.child.stdin?.on('error', () => {}).end(values);
      return (await rendering).stdout;
    };
    const text = own ? await withOwnValues(chart, values, render) : await render(chart, '-f', '-');
    return (await objectsOf(text)).filter((object) => !isHook(object));
  } catch (error) {
    throw new Error((error as { stderr?: string }).stderr || (error as Error).message);
  } finally {
    next();
  }
}

/** Renders a copy of the chart, with these values inside. */
async function withOwnValues(
  chart: string,
  values: string,
  render: (chart: string) => Promise<string>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-helm-'));
  try {
    await cp(chart, folder, { recursive: true });
    await writeFile(join(folder, 'values.yaml'), values);
    return await render(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

let running = 0;
const waiting: (() => void)[] = [];

function free(): Promise<void> | undefined {
  running += 1;
  return running <= PARALLEL ? undefined : new Promise((resolve) => waiting.push(resolve));
}

function next(): void {
  running -= 1;
  waiting.shift()?.();
}

/** To the package's YAML 1.1, and to no parser of Kubernetes, `e656` is a number. */
const word: ScalarTag = { tag: 'tag:yaml.org,2002:str', default: true, test: /^e[0-9]+$/i, resolve: (text) => text };

/** Where YAML 1.1 sees further line breaks, only its own parser knows what a text is. */
async function objectsOf(stream: string): Promise<JsonObject[]> {
  if (/[\u0085\u2028\u2029]/.test(stream)) return kubernetesObjects(stream);
  const [old, current] = (['1.1', '1.2'] as const).map((version) => read(stream, version));
  if (JSON.stringify(old) !== JSON.stringify(current)) throw new Error(`YAML 1.1 and 1.2 read this apart:\n${stream}`);
  return current as JsonObject[];
}

function read(stream: string, version: '1.1' | '1.2'): JsonObject[] {
  const documents = parseAllDocuments(stream, { version, merge: false, customTags: (tags) => [word, ...tags] });
  return [...documents].flatMap((document) => {
    if (document.errors.length > 0) throw new Error(`${document.errors.join('\n')} in\n${stream}`);
    return document.contents === null ? [] : [document.toJS() as JsonObject];
  });
}

function isHook({ metadata }: JsonObject): boolean {
  const { annotations } = metadata as { readonly annotations?: JsonObject };
  return annotations?.['helm.sh/hook'] !== undefined;
}
