import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { assertRepositoryPath } from '../../src/gitops/repository-path.js';

describe('assertRepositoryPath()', () => {
  it.each([
    'releases/reviews/values.yaml',
    '-rf',
    'a b/ü.yaml',
    '.github/x',
    '.gitignore',
    'a/..b',
    ':(top)x',
    'a.git/x',
  ])('accepts %j', (path) => {
    expect(() => assertRepositoryPath(path)).not.toThrow();
  });

  it.each([
    ['', 'it is empty'],
    ['/etc/passwd', 'it is absolute'],
    ['C:/x', 'it is absolute'],
    ['a/../../x', 'it climbs with `..`'],
    ['..', 'it climbs with `..`'],
    ['a//b', 'it has an empty or a `.` segment'],
    ['./a', 'it has an empty or a `.` segment'],
    ['a/', 'it has an empty or a `.` segment'],
    ['a\\b', 'it holds a backslash'],
    ['a\nb', 'it holds a control character'],
    ['a\0b', 'it holds a control character'],
    ['.git/hooks/pre-commit', 'it leads into the folder of git'],
    ['a/.GIT/config', 'it leads into the folder of git'],
    ['git~1/config', 'it leads into the folder of git'],
    ['.git./config', 'it leads into the folder of git'],
    ['.git::$INDEX_ALLOCATION/config', 'it leads into the folder of git'],
    ['.g\u200cit/config', 'it leads into the folder of git'],
  ])('refuses %j', (path, fault) => {
    expect(() => assertRepositoryPath(path)).toThrow(ConfigError);
    expect(() => assertRepositoryPath(path)).toThrow(`as a path inside the repository: ${fault}`);
  });
});
