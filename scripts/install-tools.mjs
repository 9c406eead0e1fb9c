// Installs what `npm run test:real` needs into .cache/tools, at pinned versions, and changes nothing else on the machine.
// Each tool has a folder with a stamp that names its version; a folder with the right stamp is left alone.

import { execFile } from 'node:child_process';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../.cache/tools/', import.meta.url));
const pyyamlHashes = fileURLToPath(new URL('pyyaml.txt', import.meta.url));

/** `install` fills an empty folder; `binary` is the path in it that must exist; test/real/tools.ts knows the same paths. */
const tools = [
  { name: 'helm', version: '3.22.0', binary: 'helm', install: installHelm },
  { name: 'helm4', version: '4.3.1', binary: 'helm', install: installHelm },
  { name: 'prometheus', version: '2.42.0', binary: 'prometheus', install: installPrometheus },
  { name: 'python', version: 'pyyaml 6.0.3', binary: 'bin/python', install: installPyYaml },
];

/** Go checks every module against its sum database. */
async function installHelm({ folder, version }) {
  await run('go', ['install', '-ldflags', '-s -w', `helm.sh/helm/v${version.split('.')[0]}/cmd/helm@v${version}`], {
    env: { ...process.env, GOBIN: folder },
    whenAbsent: 'Helm is compiled with Go: install Go 1.26 or newer',
  });
  await run(join(folder, 'helm'), ['version']);
}

/** The package is only unpacked, so no service starts; apt checks it against the signed index of the distribution. */
async function installPrometheus({ folder, version }) {
  await downloadDeb({ folder, name: 'prometheus', version });
  const [deb] = (await readdir(folder)).filter((file) => file.endsWith('.deb'));
  const unpacked = join(folder, 'unpacked');
  await run('dpkg', ['-x', join(folder, deb), unpacked]);
  await rename(join(unpacked, 'usr', 'bin', 'prometheus'), join(folder, 'prometheus'));
  await Promise.all([unpacked, join(folder, deb)].map((path) => rm(path, { recursive: true })));
  // Also finds a missing shared library, which the loader then names.
  await run(join(folder, 'prometheus'), ['--version']);
}

/** An index that does not know the package, or knows a file that is gone, is refreshed once. */
async function downloadDeb({ folder, name, version }) {
  try {
    await downloadKnownDeb({ folder, name, version });
  } catch (error) {
    if (error.code === 'ENOENT') throw error;
    await run('apt-get', ['update', '--quiet']).catch((updateError) => {
      throw new Error(`${error.message}\nand the package index cannot be refreshed:\n${updateError.message}`);
    });
    await downloadKnownDeb({ folder, name, version });
  }
}

async function downloadKnownDeb({ folder, name, version }) {
  const whenAbsent = `${name} comes from Debian's packages; use Debian 12 or a container of it`;
  const table = await run('apt-cache', ['madison', name], { whenAbsent });
  const known = table
    .split('\n')
    .filter((line) => line.includes(' Packages'))
    .map((line) => line.split('|')[1].trim());
  const wanted = known.find((candidate) => candidate === version || candidate.startsWith(`${version}+`));
  if (wanted === undefined) {
    throw new Error(`Cannot find ${name} ${version} in apt's index: ${known.join(', ') || 'the package is unknown'}`);
  }
  await run('apt-get', ['download', '--quiet', `${name}=${wanted}`], { cwd: folder, whenAbsent });
}

/** `--without-pip`: Debian's python3 has no ensurepip, and the pip outside can install into the environment. */
async function installPyYaml({ folder }) {
  const whenAbsent = 'PyYAML needs python3 with pip';
  await run('python3', ['-m', 'venv', '--without-pip', folder], { whenAbsent });
  const python = join(folder, 'bin', 'python');
  const pinned = ['--require-hashes', '--only-binary', ':all:', '--requirement', pyyamlHashes];
  await run('python3', ['-m', 'pip', '--python', python, 'install', '--quiet', ...pinned]);
  await run(python, ['-c', 'import yaml']);
}

/** Returns stdout; the error of a failed command carries the command's own words. */
async function run(command, args, { whenAbsent = 'install it', ...options } = {}) {
  try {
    const { stdout } = await promisify(execFile)(command, args, { maxBuffer: 64 * 1024 * 1024, ...options });
    return stdout;
  } catch (error) {
    const words = error.code === 'ENOENT' ? `${command} is not on the PATH; ${whenAbsent}` : wordsOf(error);
    throw Object.assign(new Error(`Cannot run ${command} ${args.join(' ')}: ${words}`), { code: error.code });
  }
}

function wordsOf({ message, signal, stdout, stderr }) {
  const said = [stdout, stderr].map((text) => text?.trim()).filter(Boolean);
  return said.length > 0 ? said.join('\n') : signal ? `ended by ${signal}` : message;
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
async function install(tool) {
  const folder = join(root, `${tool.name}.${process.pid}.partial`);
  await mkdir(folder, { recursive: true });
  try {
    await tool.install({ folder, version: tool.version });
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
  if (await isInstalled(tool)) {
    console.log(`${title}: present`);
    return true;
  }
  console.log(`${title}: installing`);
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
  try {
    await install(tool);
    console.log(`${title}: installed in ${seconds()} s`);
    return true;
  } catch (error) {
    console.error(`${title}: failed after ${seconds()} s\n${error.message.trimEnd().replaceAll(/^/gm, '  ')}`);
    return false;
  }
}

const provided = await Promise.all(tools.map(provide));
process.exitCode = provided.every(Boolean) ? 0 : 1;
