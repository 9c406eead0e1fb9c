import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { GitError } from '../errors.js';
import { isoTime } from '../release/iso-time.js';
import { type LockWait, whileLocked } from './lock-wait.js';
import { isAlive, Owner, thisProcess } from './owner.js';
import type { Repository } from './repository.js';

/** A file as it was before a write, and what it becomes. */
const JournalFile = z.strictObject({
  /** From the root. */
  path: z.string(),
  /** `null` for no file. The content is base64, so that undoing needs nothing of git. */
  before: z.strictObject({ content: z.string(), mode: z.int() }).nullable(),
  /** SHA-256 of the new content, `null` when the file is removed. */
  after: z.string().nullable(),
});
export type JournalFile = z.infer<typeof JournalFile>;

/**
 * What one process is about to write, on disk before the first byte of it: also the lock that keeps other processes
 * of sluice out.
 */
const Journal = z.strictObject({
  version: z.literal(1),
  /** Tells this write from every other; also in the names of temporary files. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  owner: Owner,
  /** HEAD before, `null` for none. */
  head: z.string().nullable(),
  /** Folders that are made, outermost first. */
  folders: z.array(z.string()),
  /** Empty while nothing is written yet. */
  files: z.array(JournalFile),
  /** Where git brings the working copy; absent where sluice itself writes the files. */
  follow: z
    .string()
    .regex(/^[0-9a-f]{40,}$/)
    .optional(),
  /** The process went on without having brought it to rest: whoever comes next may, that process too. */
  left: z.literal(true).optional(),
});
export type Journal = z.infer<typeof Journal>;

/**
 * Takes the lock of the repository with a journal that names no file yet; another process is waited for, for a while.
 *
 * @throws GitError when another process goes on writing, or died while it was
 */
export function openJournal(repository: Repository, wait: LockWait = {}): Promise<Journal> {
  return whileLocked(() => takeLock(repository), wait);
}

async function takeLock(repository: Repository): Promise<Journal> {
  const head = repository.head ?? null;
  const id = randomBytes(8).toString('hex');
  const journal = { version: 1, id, owner: thisProcess(), head, folders: [], files: [] } satisfies Journal;
  await mkdir(folderOf(repository), { recursive: true }).catch((error) => fail(repository, error));
  if (await createWhole(journalFile(repository), { repository, id, content: journal })) return journal;
  const other = await readJournal(repository);
  // Gone in between: the other one has just ended.
  if (other === undefined) return takeLock(repository);
  if (isAtWork(other)) throw lockedBy(repository, other.owner);
  throw new GitError(
    `Cannot write to ${repository.root} as a repository at rest: process ${other.owner.pid} ${other.left ? 'could not finish' : 'died'} there`,
    {
      code: 'git/unrecovered',
      path: repository.root,
      hint: 'Run the command again: sluice starts by undoing or finishing what it left',
    },
  );
}

/** Puts on disk what will be written; only for the process that holds the lock. */
export async function recordFiles(repository: Repository, journal: Journal): Promise<void> {
  const temporary = await writeTemporary(repository, journal, journal.id).catch((error) => fail(repository, error));
  await rename(temporary, journalFile(repository)).catch((error) => fail(repository, error));
}

/** Leaves to the next run what this one could not bring to rest. */
export async function leaveJournal(repository: Repository, journal: Journal): Promise<void> {
  await recordFiles(repository, { ...journal, left: true });
}

/** Gives the lock back: everything is written, or undone. */
export async function closeJournal(repository: Repository, { id }: Journal): Promise<void> {
  await rm(journalFile(repository), { force: true }).catch((error) => fail(repository, error));
  for (const name of await readdir(folderOf(repository)).catch(() => [])) {
    // Without their journal these mean nothing; what cannot be removed may stay.
    if (name.includes(id)) await rm(join(folderOf(repository), name), { force: true }).catch(() => {});
  }
}

/**
 * Returns the journal that is there, of this process or another, alive or dead.
 *
 * @throws GitError when it cannot be read as one
 */
export async function readJournal(repository: Repository): Promise<Journal | undefined> {
  const text = await readFile(journalFile(repository), 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    return fail(repository, error);
  });
  if (text === undefined) return undefined;
  const journal = parse(Journal, text);
  if (journal !== undefined) return journal;
  throw new GitError(`Cannot read ${journalFile(repository)} as a journal of this version of sluice: it is damaged`, {
    code: 'git/journal-damaged',
    path: journalFile(repository),
    hint: 'Look at git status, put back what you did not change yourself, then delete the journal.',
  });
}

/**
 * Makes this process the only one that recovers a journal, also when several find it, or one dies recovering. Claims
 * form a chain: each is created only while the process before it is dead, and none is ever replaced.
 *
 * @returns how to give the claim back, or undefined when the journal has been dealt with in between
 * @throws GitError when the process that holds the lock is alive
 */
export async function claimJournal(
  repository: Repository,
  journal: Journal,
): Promise<(() => Promise<void>) | undefined> {
  let owner: Owner | undefined = isAtWork(journal) ? journal.owner : undefined;
  let claim = '';
  for (let turn = 1; ; turn++) {
    if (owner !== undefined && isAlive(owner)) throw lockedBy(repository, owner);
    claim = join(folderOf(repository), `claim-${journal.id}-${turn}.json`);
    if (await createWhole(claim, { repository, id: journal.id, content: thisProcess() })) break;
    owner = parse(Owner, await readFile(claim, 'utf8').catch(() => ''));
  }
  const release = () => rm(claim, { force: true });
  if ((await readJournal(repository))?.id === journal.id) return release;
  await release();
  return undefined;
}

function isAtWork({ owner, left }: Journal): boolean {
  return left !== true && isAlive(owner);
}

function folderOf({ gitDir }: Repository): string {
  return join(gitDir, 'sluice');
}

function journalFile(repository: Repository): string {
  return join(folderOf(repository), 'journal.json');
}

/** Creates a file that is complete from its first moment. Returns false when it is there already. */
async function createWhole(
  file: string,
  { repository, id, content }: { readonly repository: Repository; readonly id: string; readonly content: object },
): Promise<boolean> {
  const temporary = await writeTemporary(repository, content, id).catch((error) => fail(repository, error));
  try {
    await link(temporary, file).catch((error) => {
      if (error.code === 'EEXIST') throw error;
      // A file system without hard links: exclusive still, whole a moment later.
      return copyFile(temporary, file, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    return fail(repository, error);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** @param id of the journal, by which a file left over is found and removed with it */
async function writeTemporary(repository: Repository, content: object, id: string): Promise<string> {
  const temporary = join(folderOf(repository), `${id}-${randomBytes(4).toString('hex')}.tmp`);
  const file = await open(temporary, 'wx');
  try {
    await file.writeFile(JSON.stringify(content));
    // The journal has to reach the disk before what it tells of.
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}

function parse<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function lockedBy({ root, gitDir }: Repository, { pid, host, at }: Owner): GitError {
  const since = isoTime(at / 1000);
  return new GitError(
    `Cannot write to ${root} as the only writer: process ${pid} on ${host} has been writing since ${since}`,
    {
      code: 'git/locked',
      path: root,
      hint: `Wait until that process has ended, and run the command again; it holds ${join(gitDir, 'sluice', 'journal.json')}.`,
    },
  );
}

function fail({ root, gitDir }: Repository, error: unknown): never {
  throw new GitError(`Cannot keep a journal for ${root}: ${error instanceof Error ? error.message : String(error)}`, {
    code: 'git/journal-not-written',
    path: join(gitDir, 'sluice'),
    hint: 'Check who may write to the .git folder, and the room on the disk.',
    cause: error,
  });
}
