import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const values = 'environment: istio\napplication: {versions: [{image: "registry.example/app:v1"}]}\n';
const root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-package-')));
/** An empty folder of a user's, into which the package is installed. */
const app = join(root, 'app');
/** The package as it is, with no other package around it. */
const alone = join(root, 'alone');

/** What `npm pack --json` says of one package. */
interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}
let packed: Packed;

beforeAll(() => {
  if (!existsSync('dist/bin/sluice.js'))
    throw new Error('dist/ is not built: npm test builds it first, so does npm run build');
  // Without its scripts: prepack would build dist/ anew while other tests use it.
  const answer = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', root], resolve('.'));
  packed = JSON.parse(answer)[0];
  const tarball = join(root, packed.filename);
  mkdirSync(alone);
  execFileSync('tar', ['-xzf', tarball, '-C', alone]);
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
  writeFileSync(join(app, 'values.yaml'), values);
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], app);
}, 120_000);

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('the package', () => {
  it('holds what runs and what starts a repository, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    for (const path of [
      'dist/bin/sluice.js',
      'dist/index.js',
      'dist/index.d.ts',
      'charts/release/Chart.yaml',
      'templates/gitops/sluice.yaml',
    ]) {
      expect(paths).toContain(path);
    }
    const others = paths.filter((path) => !/^(dist|charts|templates|docs)\//.test(path));
    expect(others.filter((path) => !['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'].includes(path))).toEqual(
      [],
    );
  });

  it('has a bin that runs with no package around it', () => {
    const bin = join(alone, 'package/dist/bin/sluice.js');
    writeFileSync(join(alone, 'values.yaml'), values);
    const stdout = run(process.execPath, [bin, 'synth', '-f', 'values.yaml', '--name', 'app'], alone);
    expect(kindsOf(stdout)).toEqual(['Deployment', 'Service', 'Service', 'VirtualService']);
    expect(run(process.execPath, [bin, '--help'], alone)).toContain('Usage: sluice');
    const starters = run(process.execPath, [bin, 'init', 'shop'], alone);
    expect(starters).toContain('releases/reviews/values.yaml\n');
  });

  it('runs by npx where it is installed', () => {
    expect(npm(['exec', '--no', '--', 'sluice', '--version'], app)).toBe(`${version}\n`);
  });

  it('has a bin that prints manifests where it is installed', () => {
    const stdout = run('node_modules/.bin/sluice', ['synth', '-f', 'values.yaml', '--name', 'app'], app);
    expect(kindsOf(stdout)).toEqual(['Deployment', 'Service', 'Service', 'VirtualService']);
  });

  it('has constructs that a module imports', () => {
    writeFileSync(join(app, 'app.js'), script.replaceAll(/: (string|unknown)\b/g, ''));
    const manifests = JSON.parse(run(process.execPath, ['app.js'], app));
    expect(manifests.map(({ kind }: { kind: string }) => kind)).toEqual([
      'Deployment',
      'Service',
      'Service',
      'HTTPRoute',
    ]);
  });

  it('has types that tsc checks', () => {
    const compilerOptions = {
      ...{ module: 'nodenext', target: 'es2022', strict: true, exactOptionalPropertyTypes: true, noEmit: true },
      ...{ skipLibCheck: false, types: ['node'], typeRoots: [resolve('node_modules/@types')] },
    };
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
    writeFileSync(join(app, 'app.ts'), script);
    const tsc = resolve('node_modules/typescript/bin/tsc');
    expect(run(process.execPath, [tsc, '-p', '.'], app)).toBe('');

    writeFileSync(join(app, 'app.ts'), script.replace("'gateway-api'", "'gateway'"));
    expect(() => run(process.execPath, [tsc, '-p', '.'], app)).toThrow(/"gateway"' is not assignable/);
  });
});

const script = `import { App, Chart } from 'cdk8s';
import { Release } from 'sluice';

const image: string = 'registry.example/app:v1';
const chart = new Chart(new App(), 'app', { namespace: 'shop' });
const release = new Release(chart, 'app', { environment: 'gateway-api', application: { versions: [{ image }] } });
const host: string = release.host;
if (host !== 'app.shop.svc.cluster.local') throw new Error(host);
const manifests: unknown = chart.toJson();
console.log(JSON.stringify(manifests));
`;

function kindsOf(stream: string): string[] {
  return parseAllDocuments(stream).map((document) => document.toJS().kind);
}

/** npm hands its own settings down to what it runs; where it works is not among those that count here. */
function npm(args: readonly string[], cwd: string): string {
  const { npm_config_local_prefix: _, ...env } = process.env;
  return execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
}

/** Returns what the command printed; its error holds what it said beside that. */
function run(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}
