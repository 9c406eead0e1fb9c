// Installs what `npm run test:real` needs into .cache/tools, at pinned versions, and changes nothing else on the machine.
// Each tool has a folder with a stamp that names its version; a folder with the right stamp is left alone.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectCrds, crdModules } from './collect-crds.mjs';
import { installDebianBinary } from './debian-binary.mjs';
import { runCommand } from './run-command.mjs';

const root = fileURLToPath(new URL('../.cache/tools/', import.meta.url));
const pyyamlHashes = fileURLToPath(new URL('pyyaml.txt', import.meta.url));
const kubernetesModule = fileURLToPath(new URL('kubernetes/', import.meta.url));

/** `install` fills an empty folder; `binary` is the path in it that must exist; test/real/tools.ts knows the same paths. */
const tools = [
  { name: 'helm', version: '3.22.0', binary: 'helm', install: installHelm },
  { name: 'helm4', version: '4.3.1', binary: 'helm', install: installHelm },
  { name: 'kubernetes', version: kubernetesVersion(), binary: 'kube-apiserver', install: installKubernetes },
  { name: 'crds', version: crdsVersion(), binary: 'crds.json', install: ({ folder }) => collectCrds(folder) },
  { name: 'etcd', version: '3.4.23-4', binary: 'etcd', install: installDebian('etcd-server') },
  { name: 'prometheus', version: '2.42.0', binary: 'prometheus', install: installDebian('prometheus') },
  { name: 'python', version: 'pyyaml 6.0.3', binary: 'bin/python', install: installPyYaml },
];

/** Another dependency is another build. */
function kubernetesVersion() {
  const [module, sums] = ['go.mod', 'go.sum'].map((file) => readFileSync(join(kubernetesModule, file), 'utf8'));
  const [, number] = /^\s*(?:require )?k8s\.io\/kubernetes v(\S+)/m.exec(module);
  return `${number} ${digestOf(module + sums)}`;
}

function crdsVersion() {
  return `${crdModules.length} modules ${digestOf(JSON.stringify(crdModules))}`;
}

function digestOf(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function installDebian(name) {
  return ({ folder, version, binary }) => installDebianBinary(folder, { name, version, binary });
}

/** Go checks every module against its sum database. */
async function installHelm({ folder, version }) {
  const program = `helm.sh/helm/v${version.split('.')[0]}/cmd/helm@v${version}`;
  await compiled(() =>
    runCommand('go', ['install', '-ldflags', '-s -w', program], {
      env: { ...process.env, GOBIN: folder },
      whenAbsent: 'Helm is compiled with Go: install Go 1.26 or newer',
    }),
  );
  await runCommand(join(folder, 'helm'), ['version']);
}

/**
 * The API server says of itself which version it is, and charts ask for it. `-mod=readonly` lets nothing in but what
 * go.sum knows, whatever the user's own flags are.
 */
async function installKubernetes({ folder, version, say }) {
  const [number] = version.split(' ');
  const whenAbsent = 'the API server and kubectl are compiled with Go: install Go 1.26 or newer';
  await runCommand('go', ['mod', 'download'], { cwd: kubernetesModule, whenAbsent });
  const flags = ['-mod=readonly', '-ldflags', `-s -w -X k8s.io/component-base/version.gitVersion=v${number}`];
  const env = { ...process.env, GOBIN: folder };
  await compiled(() => {
    say('compiling, which takes some minutes where Go has not done it before');
    return runCommand('go', ['install', ...flags, 'tool'], { cwd: kubernetesModule, env });
  });
  const said = await runCommand(join(folder, 'kube-apiserver'), ['--version']);
  if (!said.includes(`v${number}`)) throw new Error(`Cannot use an API server of another version: ${said}`);
  await runCommand(join(folder, 'kubectl'), ['version', '--client']);
}

let compiling = Promise.resolve();

/** One program after the other: each compiler takes every core, and the next one finds what they have in common done. */
function compiled(compile) {
  const done = compiling.then(compile);
  compiling = done.catch(() => {});
  return done;
}

/** `--without-pip`: Debian's python3 has no ensurepip, and the pip outside can install into the environment. */
async function installPyYaml({ folder }) {
  const whenAbsent = 'PyYAML needs python3 with pip';
  await runCommand('python3', ['-m', 'venv', '--without-pip', folder], { whenAbsent });
  const python = join(folder, 'bin', 'python');
  const pinned = ['--require-hashes', '--only-binary', ':all:', '--requirement', pyyamlHashes];
  await runCommand('python3', ['-m', 'pip', '--python', python, 'install', '--quiet', ...pinned]);
  await runCommand(python, ['-c', 'import yaml']);
}

async function isInstalled(tool) {
  try {
    await access(join(root, tool.name, tool.binary));
    return (await readFile(join(root, tool.name, 'stamp'), 'utf8')) === tool.version;
  } catch {
    return false;
  }
}

/** Fills a folder beside the final one and renames it, so that an interrupted install leaves nothing half done. */
async function install(tool, say) {
  const folder = join(root, `${tool.name}.${process.pid}.partial`);
  await mkdir(folder, { recursive: true });
  try {
    const { version, binary } = tool;
    await tool.install({ folder, version, binary, say });
    await writeFile(join(folder, 'stamp'), tool.version);
    await rm(join(root, tool.name), { recursive: true, force: true });
    await rename(folder, join(root, tool.name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Prints one line for the tool and returns whether it is there now. */
async function provide(tool) {
  const title = `${tool.name} (${tool.version})`;
  const say = (what) => console.log(`${title}: ${what}`);
  if (await isInstalled(tool)) {
    say('present');
    return true;
  }
  say('installing');
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
  try {
    await install(tool, say);
    say(`installed in ${seconds()} s`);
    return true;
  } catch (error) {
    console.error(`${title}: failed after ${seconds()} s\n${error.message.trimEnd().replaceAll(/^/gm, '  ')}`);
    return false;
  }
}

const provided = await Promise.all(tools.map(provide));
process.exitCode = provided.every(Boolean) ? 0 : 1;
