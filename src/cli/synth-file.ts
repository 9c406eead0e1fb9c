import { manifestsOf } from '../synth/manifests.js';
import { toYamlStream } from '../synth/yaml-writer.js';
import { exitCodes, type Io } from './io.js';
import { loadFile } from './load-file.js';
import { reportNotices } from './report-error.js';
import { unguarded } from './visible.js';

/** The options of `sluice synth`. */
export interface SynthOptions {
  readonly file?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/**
 * Prints the manifests of one values file.
 *
 * @throws ConfigError when the file or the options cannot be used
 */
export async function synthFile(options: SynthOptions & { readonly file: string }, io: Io): Promise<number> {
  const { release, notices } = await loadFile(options, io);
  reportNotices(notices, io.stderr);
  unguarded(io.stdout).write(toYamlStream(manifestsOf(release)));
  return exitCodes.done;
}
