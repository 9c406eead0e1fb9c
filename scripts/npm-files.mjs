import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

/**
 * Puts single files of a published npm package into the folder, and leaves out the rest, which may be much larger. npm
 * asks the registry that it is configured with.
 *
 * @param source `name`, `version` and `integrity` of the package, and `files`, the paths in it
 */
export async function installNpmFiles(folder, { name, version, integrity, files }) {
  const pack = ['pack', '--loglevel=error', '--ignore-scripts', '--pack-destination', folder, `${name}@${version}`];
  const archive = join(folder, (await runCommand('npm', pack, { cwd: folder })).trim());
  await requireChecksum(archive, { of: `${name} ${version}`, integrity });
  const members = files.map((file) => `package/${file}`);
  // Flat: the last part of each path is its name.
  await runCommand('tar', ['-xzf', archive, '-C', folder, '--no-same-owner', '--transform', 's|.*/||', ...members]);
  await rm(archive);
}

async function requireChecksum(archive, { of, integrity }) {
  const found = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`;
  if (found !== integrity) throw new Error(`Cannot use ${of} with another checksum than ${integrity}: ${found}`);
}
