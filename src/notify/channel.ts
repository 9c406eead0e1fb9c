import type { GitSettings } from '../values/project/git.js';
import type { NotificationSettings } from '../values/project/notifications.js';
import type { ReleaseEvent } from './event.js';
import type { Post } from './post.js';

/** What became of a message; `nobody` where there is nobody to tell. */
export type Sent = 'sent' | 'nobody' | { readonly error: string };

/** Something to be sent, once. */
export interface Message {
  /** What it tells. */
  readonly events: readonly ReleaseEvent[];
  /** May throw: then it was not delivered. */
  send(post: Post): Promise<Sent>;
}

/** Where events become messages. */
export interface Channel {
  /** @param events at least one */
  messagesFor(events: readonly ReleaseEvent[]): readonly Message[];
}

/** The repository that events are about. */
export interface Ground {
  /** The top of the working tree: paths of secrets start there. */
  readonly root: string;
  /** The folder of the workspace. */
  readonly folder: string;
  readonly git: GitSettings;
  /** Of the remote, as git has it; undefined where there is none. */
  readonly remoteUrl: string | undefined;
  /** Whether the commits of the pass are on the server. */
  readonly isPublished: boolean;
  readonly env: { readonly [name: string]: string | undefined };
  /** Of a commit on the server, for people; undefined where it is not known. */
  linkTo(commit: string): string | undefined;
}

/**
 * Every kind has one in its file.
 *
 * @throws ConfigError when a secret is not there, or it is not known whom to ask
 */
export type OpenChannel = (settings: NotificationSettings, ground: Ground) => Channel | Promise<Channel>;

/** Returns a channel on which every event is a message of its own. */
export function eventByEvent(send: (event: ReleaseEvent, post: Post) => Promise<Sent>): Channel {
  return {
    messagesFor: (events) => events.map((event) => ({ events: [event], send: (post) => send(event, post) })),
  };
}
