import { Readable } from 'node:stream';
import { InternalError } from '../../errors.js';
import { exitCodes, type Io } from '../io.js';

/**
 * Runs a command of sluice out of sight and returns what it printed.
 *
 * @throws InternalError with the command's own words when it does not end with success; whatever the command throws
 */
export async function runCaptured(
  command: (io: Io) => Promise<number>,
  { cwd, now }: Pick<Io, 'cwd' | 'now'>,
): Promise<string> {
  let printed = '';
  let said = '';
  const stdout = { write: (text: string) => (printed += text) };
  const stderr = { write: (text: string) => (said += text) };
  const code = await command({ stdin: Readable.from([]), stdout, stderr, cwd, now });
  if (code === exitCodes.done) return printed;
  throw new InternalError(`Cannot run a command of the demo to success: exit code ${code}: ${printed}${said}`, {
    code: 'internal/demo-command',
    hint: 'This is a defect of sluice: please report it with these lines',
  });
}
