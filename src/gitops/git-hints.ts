import { isProtected, protectedHint } from './protected-branch.js';

/** What to do about git's words, the first that fits; `$1` stands for what the words name, `$command` for the right that it takes. */
const hints: readonly (readonly [words: RegExp, hint: string])[] = [
  [
    /tell me who you are|unable to auto-detect email|empty ident|no (email|name) was given/i,
    'Say who commits: git config user.name NAME and git config user.email ADDRESS',
  ],
  [/dubious ownership/, 'When you trust the folder: git config --global --add safe.directory FOLDER'],
  [/ignored by one of your \.gitignore/, 'Take the path out of .gitignore, or name another folder in sluice.yaml.'],
  [
    /gpg failed to sign|failed to write commit object|couldn't load public key|ssh-keygen/i,
    'Check that git can sign here (user.signingKey, gpg.format), or set commit.gpgsign to false.',
  ],
  [isProtected, protectedHint],
  [
    /no space left on device|out of disk ?space|unpacker error|disk quota/i,
    'Make room where the repository lies; on the server when the words start with remote.',
  ],
  [/the server refuses the token/, 'Give a token of this server that has not run out, by git.token in sluice.yaml.'],
  [
    /could not read (username|password)|authentication failed|invalid credentials|HTTP 401|error: 401/i,
    'Give a token that may push: git.token in sluice.yaml, or a credential helper of git.',
  ],
  [
    /error: 403|HTTP 403|denied to|not allowed to push|permission to .{0,300} denied/i,
    'Give the account of the token, or the deploy key, the right to $command this repository.',
  ],
  [
    /returned error: 30\d|unable to update url base from redirection/,
    'The server sends git elsewhere, where a token is not taken along: name the new URL, git remote set-url REMOTE URL',
  ],
  [/permission denied \(publickey/i, 'Give git an SSH key that the server knows, by an agent or core.sshCommand.'],
  [/host key verification failed/i, 'Put the key of the server into known_hosts: ssh-keyscan HOST, and compare it.'],
  [/certificate|SSL|TLS/, 'Have git trust the certificate of the server: http.sslCAInfo FILE'],
  [
    /could not resolve host|couldn't connect|connection refused|failed to connect|network is unreachable|connection timed out/i,
    'Check that the server runs and can be reached from here; the next run tries again.',
  ],
  [
    /repository .{0,300}not found|does not appear to be a git repository|HTTP 404|error: 404/i,
    'Check the URL of the remote (git remote -v) and that the account may see it.',
  ],
  [/no such remote/i, 'Name one of the remotes (git remote -v) as git.remote in sluice.yaml.'],
  [/shallow update not allowed/i, 'Fetch the whole history once: git fetch --unshallow'],
  [/pre-push/, 'A pre-push hook of this clone refused the push.'],
  [
    /unexpected disconnect|hung up unexpectedly|RPC failed|early EOF|HTTP 5\d\d|error: 5\d\d/i,
    'The server broke off; the next run looks what it took, and tries again.',
  ],
  [
    /bad object (refs\/remotes\/\S+)/,
    'Forget what is known of the server, which the next fetch learns again: git update-ref -d $1',
  ],
  [
    /bad config line \d+ in (?:file )?(\S+)/,
    'Correct that line of $1; git config --list --show-origin tells the others.',
  ],
  [/unexpected line in (\S*packed-refs)/, 'Take that line out of $1, or clone afresh.'],
  [
    /index file (?:smaller|corrupt)|bad (?:index|signature)|bad index file|(\.git\/\S*index): /i,
    'Delete the index (git rev-parse --git-path index) and make it anew, which changes no file: git reset',
  ],
  [
    /need to resolve your current index|unmerged/i,
    'Resolve the conflicts that git status names, or give them up: git reset --merge',
  ],
  [
    /bad object|object file .{0,300} is empty|unable to (?:read|find) |failed to unpack tree|corrupt|missing (?:blob|tree)|not a (?:valid|tree|commit) object/i,
    'Look with git fsck; a fresh clone is the quickest way back.',
  ],
  [
    /(?:unable to|couldn't|could not|cannot|failed to) (?:write|create (?!')|open|append)|write (?:error|fail)|file too large/i,
    'Check the room on the disk, and who may write there; on the server when the words start with remote.',
  ],
  [/permission denied|read-only file system/i, 'Check who may write to the repository and its .git folder.'],
  [
    /Unable to create '([^']+\.lock)'/,
    'Wait until the other git has ended; when none runs any more, delete the lock that it left: $1',
  ],
  [
    /\.lock'?: File exists|cannot lock ref/,
    'Wait until the other git has ended; when none runs any more, delete the .lock file it left.',
  ],
];

/** Returns what to do about a failure of git. */
export function hintFor(words: string, command: string): string {
  for (const [pattern, hint] of hints) {
    const match = pattern.exec(words);
    if (match === null) continue;
    const right = command === 'push' ? 'push to' : 'read and push to';
    return hint.replace('$command', right).replace('$1', () => match[1] ?? '');
  }
  if (command === 'commit') return 'A hook of the repository or a setting of git refused the commit.';
  // Nobody can: what it is to read is gone.
  if (command === 'fast-import') return 'Check the room on the disk, and who may write there; git fsck tells more.';
  return `Run git ${command} there by hand to see more.`;
}
