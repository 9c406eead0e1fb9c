import { runGit } from '../gitops/git.js';
import type { GitSettings } from '../values/project/git.js';
import type { NotificationKind, NotificationSettings } from '../values/project/notifications.js';
import type { Channel, Ground, Message, Sent } from './channel.js';
import { linkFor } from './commit-link.js';
import { type ReleaseEvent, together } from './event.js';
import { channelOf, type Looked, type Memory, openMemory } from './memory.js';
import { openPost, type Post } from './post.js';
import { kinds } from './registry.js';
import { clip } from './texts.js';

/** Who is told, and of which repository. */
export interface Audience {
  readonly notifications: readonly NotificationSettings[];
  readonly git: GitSettings;
  /** The folder of the workspace. */
  readonly folder: string;
  /** Whether the commits of the pass are on the server. */
  readonly isPublished: boolean;
  readonly looked: Looked;
  /** @default the environment of this process */
  readonly env?: { readonly [name: string]: string | undefined };
  /** Milliseconds for all, and for one answer. @default 10000 and 5000 */
  readonly patience?: { readonly all: number; readonly each: number };
}

/** What became of one of the `notifications`. */
export interface Delivery {
  readonly kind: NotificationKind;
  /** Whether all arrived. */
  readonly delivered: boolean;
  /** How many arrived. */
  readonly messages: number;
  /** Why the first one did not that did not, on one line and without secrets. */
  readonly error?: string;
}

/** One channel answers slowly where it has to answer at once to a hundred. */
const atOnce = 8;
/** As many as a host takes within a minute without slowing us down. */
const mostMessages = 50;
/** git looks only at what is here. */
const gitPatience = 3_000;

/**
 * Tells of the events whoever wants to hear of them. Takes ten seconds at most, and never throws: what is committed is
 * committed, whoever knows of it.
 *
 * @returns one entry for each of the `notifications` that had something to tell
 */
export async function notify(events: readonly ReleaseEvent[], audience: Audience): Promise<Delivery[]> {
  const { all, each } = audience.patience ?? { all: 10_000, each: 5_000 };
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), all);
  const post = openPost({ signal: end.signal, timeout: each });
  try {
    const { ground, memory } = await open(audience);
    const deliveries = await Promise.all(
      audience.notifications.map((settings) => tell(events, { settings, ground, memory, post, end: end.signal })),
    );
    await memory.keep();
    return deliveries.filter((delivery) => delivery !== undefined);
  } catch (error) {
    const words = wordsOf(error);
    return audience.notifications.map(({ kind }) => ({ kind, delivered: false, messages: 0, error: words }));
  } finally {
    clearTimeout(timer);
    end.abort();
  }
}

async function open({ folder, git, isPublished, looked, env = process.env }: Audience) {
  const ask = (args: readonly string[]) => runGit(args, { cwd: folder, timeout: gitPatience });
  const [places, remoteUrl] = await Promise.all([
    ask(['rev-parse', '--show-toplevel', '--absolute-git-dir']),
    ask(['remote', 'get-url', git.remote]).then(
      (url) => url.trim(),
      () => undefined,
    ),
  ]);
  const [root = '', gitDir = ''] = places.split('\n');
  const linkTo = isPublished ? linkFor(remoteUrl, git.pullRequests?.host) : () => undefined;
  const ground: Ground = { root, folder, git, remoteUrl, isPublished, env, linkTo };
  return { ground, memory: await openMemory(gitDir, looked) };
}

interface Telling {
  readonly settings: NotificationSettings;
  readonly ground: Ground;
  readonly memory: Memory;
  readonly post: Post;
  readonly end: AbortSignal;
}

async function tell(events: readonly ReleaseEvent[], telling: Telling): Promise<Delivery | undefined> {
  const { settings, ground, memory } = telling;
  const { kind, on } = settings;
  const name = channelOf(settings);
  const wanted = events.filter((event) => on.includes(event.kind));
  const news = memory.newsFor(name, wanted);
  const told: ReleaseEvent[] = [];
  memory.note(name, wanted, []);
  if (news.length === 0) return undefined;
  try {
    const channel: Channel = await inTime(Promise.resolve(kinds[kind](settings, ground)), telling.end);
    const messages = channel.messagesFor(together(news));
    const sent = await sendAll(messages, telling);
    told.push(...messages.filter((_, index) => typeof sent[index] === 'string').flatMap((message) => message.events));
    return deliveryOf(kind, sent, messages.length);
  } catch (error) {
    return { kind, delivered: false, messages: 0, error: wordsOf(error) };
  } finally {
    memory.note(name, wanted, told);
  }
}

/** Returns what became of each message, a few at a time; those beyond the most that are sent have none. */
async function sendAll(messages: readonly Message[], { post, end }: Telling): Promise<Sent[]> {
  const sent: Sent[] = [];
  const waiting = messages.slice(0, mostMessages).entries();
  const work = async () => {
    for (const [index, message] of waiting) sent[index] = await sendOne(message, post, end);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return sent;
}

async function sendOne(message: Message, post: Post, end: AbortSignal): Promise<Sent> {
  try {
    return await inTime(message.send(post), end);
  } catch (error) {
    return { error: wordsOf(error) };
  }
}

/** @throws Error once the time for all is over, whatever the work waits for */
async function inTime<Result>(work: Promise<Result>, end: AbortSignal): Promise<Result> {
  const over = new Error('the time for all notifications is over');
  if (end.aborted) throw over;
  let abort = () => {};
  const stopped = new Promise<never>((_, reject) => {
    abort = () => reject(over);
    end.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    end.removeEventListener('abort', abort);
  }
}

function deliveryOf(kind: NotificationKind, sent: readonly Sent[], wanted: number): Delivery {
  const errors = sent.flatMap((each) => (typeof each === 'string' ? [] : [each.error]));
  const messages = sent.filter((each) => each === 'sent').length;
  const left = wanted - sent.length;
  if (left > 0) errors.push(`${left} are left out: no more than ${mostMessages} are sent for one pass`);
  const [first, ...others] = errors;
  if (first === undefined) return { kind, delivered: true, messages };
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return { kind, delivered: false, messages, error: clip(first + more, 400) };
}

function wordsOf(error: unknown): string {
  return clip(error instanceof Error ? error.message : String(error), 400);
}
