import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

/**
 * Puts one program of a Debian package into the folder. The package is only unpacked, so no service starts; apt checks it
 * against the signed index of the distribution.
 *
 * @param options `name` of the package, `version`, and the `binary` among its `usr/bin/`
 */
export async function installDebianBinary(folder, { name, version, binary }) {
  await downloadDeb({ folder, name, version });
  const [deb] = (await readdir(folder)).filter((file) => file.endsWith('.deb'));
  const unpacked = join(folder, 'unpacked');
  await runCommand('dpkg', ['-x', join(folder, deb), unpacked]);
  await rename(join(unpacked, 'usr', 'bin', binary), join(folder, binary));
  await Promise.all([unpacked, join(folder, deb)].map((path) => rm(path, { recursive: true })));
  // Also finds a missing shared library, which the loader then names.
  await runCommand(join(folder, binary), ['--version']);
}

/** An index that does not know the package, or knows a file that is gone, is refreshed once. */
async function downloadDeb({ folder, name, version }) {
  try {
    await downloadKnownDeb({ folder, name, version });
  } catch (error) {
    if (error.code === 'ENOENT') throw error;
    await refreshedIndex().catch((updateError) => {
      throw new Error(`${error.message}\nand the package index cannot be refreshed:\n${updateError.message}`);
    });
    await downloadKnownDeb({ folder, name, version });
  }
}

let refreshing;

/** Once for all packages: a second apt-get beside the first one finds its lock taken. */
function refreshedIndex() {
  refreshing ??= runCommand('apt-get', ['update', '--quiet']);
  return refreshing;
}

async function downloadKnownDeb({ folder, name, version }) {
  const whenAbsent = `${name} comes from Debian's packages; use Debian 12 or a container of it`;
  const table = await runCommand('apt-cache', ['madison', name], { whenAbsent });
  const known = table
    .split('\n')
    .filter((line) => line.includes(' Packages'))
    .map((line) => line.split('|')[1].trim());
  const wanted = known.find((candidate) => candidate === version || candidate.startsWith(`${version}+`));
  if (wanted === undefined) {
    throw new Error(`Cannot find ${name} ${version} in apt's index: ${known.join(', ') || 'the package is unknown'}`);
  }
  await runCommand('apt-get', ['download', '--quiet', `${name}=${wanted}`], { cwd: folder, whenAbsent });
}
