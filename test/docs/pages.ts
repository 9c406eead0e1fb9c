import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the project, absolute. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A Markdown page that users read. */
export interface Page {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** 1-based, of the first line inside. */
  readonly line: number;
  /** What stands behind the fence, such as `yaml`. */
  readonly language: string;
  readonly text: string;
}

/** Returns README.md and every page under docs/. */
export function pages(): Page[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => `docs/${path}`);
  const paths = ['README.md', ...docs.filter((path) => path.endsWith('.md')).sort()];
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Returns the page, or throws when there is none. */
export function page(path: string): Page {
  const found = pages().find((each) => each.path === path);
  if (found === undefined) throw new Error(`no page ${path}`);
  return found;
}

/** Returns the fenced blocks of a page in one language, or in any. */
export function blocks({ path, text }: Page, language?: string): Block[] {
  const found = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map((match) => ({
    page: path,
    line: text.slice(0, match.index).split('\n').length + 1,
    language: match[1] ?? '',
    text: match[2] ?? '',
  }));
  return language === undefined ? found : found.filter((block) => block.language === language);
}

/** Returns the text without its fenced blocks. */
function proseOf(text: string): string {
  return text.replace(/^```.*?^```$/gms, '');
}

/** Returns what stands between single backticks, outside of fenced blocks. */
export function inlineCode(text: string): string[] {
  return [...proseOf(text).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** Returns the targets of the links of a page, outside of code. */
export function links({ text }: Page): string[] {
  const prose = proseOf(text).replace(/`[^`]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
}

/** Returns the path that a relative link of a page leads to, from the root of the project, without its anchor. */
export function targetOf({ path }: Page, link: string): string {
  const [file = ''] = link.split('#');
  return file === '' ? path : join(dirname(path), file);
}

/** Returns the anchors of a page's headings, as GitHub makes them. */
export function anchors({ text }: Page): string[] {
  const headings = proseOf(text).matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}
