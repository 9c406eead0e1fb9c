// Builds dist/: the library as modules with types, and the command line as bundles; docs/decisions/0009-cold-start.md
// says what each of their options is worth.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });

const noPatches = `
exports.deepClone = (patches) => patches;
exports.applyPatch = (newDocument, patches) => {
  if (patches.length > 0) throw new Error('sluice is built without JSON patches');
  return { newDocument };
};`;

// What lets zod check data that holds itself: no shape of sluice does, and text with such an alias is refused before.
const noCycles = `
export class $ZodCyclicError extends Error {}
const memo = { attach() {}, guard() {}, alloc: (_shape, _payload, empty) => empty };
export const memoizer = () => memo;
export const isBackEdge = () => false;
export const isRecursiveSchema = () => false;`;

const coldStart = {
  name: 'cold-start',
  setup({ onLoad, onResolve }) {
    // cdk8s' own way to write, to download and to run Helm: nothing of sluice calls it, and it brings a second yaml package.
    onLoad({ filter: /[\\/]cdk8s[\\/]lib[\\/](yaml|helm|include|testing)\.js$/ }, () => ({ contents: '' }));
    // sluice hashes a name only where it is too long, and gives every object its own, so cdk8s and constructs hash none.
    // What writes to Git is itself loaded on demand, and needs more than hashes.
    onResolve({ filter: /^(node:)?crypto$/ }, ({ namespace, importer }) =>
      namespace === 'on-demand' || /[\\/](gitops|universal-github-app-jwt)[\\/]/.test(importer)
        ? { path: 'node:crypto', external: true }
        : { path: 'crypto', namespace: 'on-demand' },
    );
    // What applies JSON patches to objects of cdk8s: sluice has none.
    onLoad({ filter: /[\\/]fast-json-patch[\\/]index\.m?js$/ }, () => ({ contents: noPatches }));
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]core[\\/]memoizer\.js$/ }, () => ({ contents: noCycles }));
    onLoad({ filter: /^crypto$/, namespace: 'on-demand' }, () => ({
      contents: `export const createHash = (algorithm) => require('node:crypto').createHash(algorithm);
                 export const randomBytes = (size) => require('node:crypto').randomBytes(size);`,
    }));
  },
};

const options = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  // The same code as modules: what is not called is left out.
  alias: { yaml: fileURLToPath(new URL('../node_modules/yaml/browser/dist/index.js', import.meta.url)) },
  plugins: [coldStart],
  legalComments: 'linked',
  logLevel: 'warning',
};

// Every command, each loaded when it is called, and what a simulation starts as a thread.
await build({
  ...options,
  entryPoints: { run: 'src/cli/run.ts', 'simulate-worker': 'src/cli/simulate/worker.ts' },
  outdir: 'dist/cli',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // Bundled CommonJS still asks for Node's own modules through require.
  banner: {
    js: "import { createRequire as sluiceRequire } from 'node:module'; const require = sluiceRequire(import.meta.url);",
  },
});

function replaced(code, pattern, text) {
  if (!pattern.test(code)) throw new Error(`Cannot find ${pattern} in the package: look what it has become`);
  return code.replace(pattern, text);
}

// The program, with `sluice synth --file` in it: one file of CommonJS, which Node starts faster than modules.
const loadOthers = {
  name: 'load-others',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.\/cli\/run\.js$/ }, () => ({ path: '../cli/run.js', external: true }));
    // What is imported on demand is for the others, such as the cases that `sluice judge` answers.
    onResolve({ filter: /^\.\.?\// }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
    // zod's way to JSON Schema, which `sluice schema` goes, and that is one of the others.
    onLoad({ filter: /[\\/]zod[\\/].*[\\/](to-json-schema|json-schema-processors)\.js$/ }, () => ({
      contents: 'module.exports = {};',
    }));
    // And what it would say of every key: each description costs a copy of its shape.
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]classic[\\/]schemas\.js$/ }, ({ path }) => ({
      contents: replaced(
        readFileSync(path, 'utf8'),
        /(?<=\n {4}describe\(description\) \{)[^}]*\{[^}]*\}[^}]*(?=\})/,
        ' return this; ',
      ),
    }));
  },
};
await build({
  ...options,
  plugins: [coldStart, loadOthers],
  entryPoints: { sluice: 'src/bin.ts' },
  outdir: 'dist/bin',
  format: 'cjs',
});
writeFileSync('dist/bin/package.json', '{ "type": "commonjs" }\n');
chmodSync('dist/bin/sluice.js', 0o755);
