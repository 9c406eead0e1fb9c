import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { blocks, pages, root } from './pages.js';

/** The TypeScript blocks of all pages by the file that their first line names; those without one stand beside the page. */
const snippets = new Map(
  pages().flatMap((page) =>
    blocks(page, 'ts').map((block) => {
      const name = /^\/\/ (\S+\.ts)\n/.exec(block.text)?.[1] ?? `${block.line}.ts`;
      const path = name.includes('/') ? name : `docs/${page.path.replaceAll(/\W/g, '-')}-${name}`;
      return [join(root, path), block] as const;
    }),
  ),
);

/** Compiles the snippets as if they were files of the project. */
function compile(): readonly ts.Diagnostic[] {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => snippets.has(path) || fileExists.call(host, path);
  host.readFile = (path) => snippets.get(path)?.text ?? readFile.call(host, path);
  host.getSourceFile = (path, ...rest) => {
    const snippet = snippets.get(path);
    if (snippet === undefined) return getSourceFile.call(host, path, ...rest);
    return ts.createSourceFile(path, snippet.text, options.target ?? ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram({ rootNames: [...snippets.keys()], options, host });
  return [...snippets.keys()].flatMap((path) => ts.getPreEmitDiagnostics(program, program.getSourceFile(path)));
}

function describeFault({ file, start = 0, messageText }: ts.Diagnostic): string {
  const block = snippets.get(file?.fileName ?? '');
  const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
  return `${block?.page}:${(block?.line ?? 0) + line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}

test('the TypeScript of the pages compiles against the sources', () => {
  expect(snippets.size).toBeGreaterThan(10);
  expect(compile().map(describeFault)).toEqual([]);
});
