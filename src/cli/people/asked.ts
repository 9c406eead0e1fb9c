import { ConfigError } from '../../errors.js';
import { askGit } from '../../gitops/git.js';
import { oneLine } from '../../gitops/one-line.js';
import type { OptionValues } from '../command.js';
import type { Io } from '../io.js';

/** Who asks for something, why and when. */
export interface Asked {
  readonly by: string;
  /** As they gave it; undefined where they did not. */
  readonly reason: string | undefined;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * Returns who runs a command by the name that git would commit with, and the reason that they give.
 *
 * @throws ConfigError when the reason says nothing
 */
export async function askedWith({ reason }: OptionValues, io: Io): Promise<Asked> {
  const given = reason === undefined ? undefined : oneLine(String(reason));
  if (given === '') {
    throw new ConfigError('Cannot take the reason as one: --reason is empty', {
      code: 'cli/arguments',
      hint: 'Say why in a few words, or leave --reason out.',
    });
  }
  // Where no commit is made here, as on GitHub, git needs no name.
  const { stdout } = await askGit(['var', 'GIT_AUTHOR_IDENT'], { cwd: io.cwd });
  return { by: oneLine(stdout.replace(/<[^<]*$/, '')) || 'somebody', reason: given, now: io.now() };
}

/** Returns who did what as a sentence, with the reason if there is one. */
export function sentence({ by, reason }: Asked, does: string): string {
  return `${by} ${does}${reason === undefined ? '' : `: ${reason}`}`;
}
