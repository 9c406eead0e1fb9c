import { ConfigError } from '../errors.js';
import { oneLine } from './one-line.js';

/** Characters that macOS drops when it compares file names, so that `.g\u200cit` is `.git` there. */
const droppedByMacOs = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;

/**
 * Refuses a path that is not plainly inside the repository on every operating system that might check it out.
 *
 * @throws ConfigError that says what is wrong with the path
 */
export function assertRepositoryPath(path: string): void {
  const fault = faultOf(path);
  if (fault === undefined) return;
  throw new ConfigError(`Cannot write ${oneLine(path)} as a path inside the repository: ${fault}`, {
    code: 'git/unsafe-path',
    path,
    hint: 'Use a relative path with forward slashes that stays inside the repository and out of .git.',
  });
}

function faultOf(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (/\p{Cc}/u.test(path)) return 'it holds a control character';
  if (path.includes('\\')) return 'it holds a backslash';
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'it is absolute';
  const segments = path.split('/');
  if (segments.includes('..')) return 'it climbs with `..`';
  if (segments.some((segment) => segment === '' || segment === '.')) return 'it has an empty or a `.` segment';
  if (segments.some(isGitFolder)) return 'it leads into the folder of git';
  return undefined;
}

/** Whether some file system takes the name for `.git`: letter case, trailing dots, NTFS streams and short names. */
function isGitFolder(segment: string): boolean {
  const plain = segment
    .replace(droppedByMacOs, '')
    .replace(/:.*$/, '')
    .replace(/(?<![. ])[. ]+$/, '');
  return /^(\.git|git~\d+)$/i.test(plain);
}
