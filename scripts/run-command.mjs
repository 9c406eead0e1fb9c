import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Returns stdout; the error of a failed command carries the command's own words. */
export async function runCommand(command, args, { whenAbsent = 'install it', ...options } = {}) {
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
