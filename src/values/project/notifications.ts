import * as z from 'zod';
import { HeadersFile, headerFaults } from '../../http-headers.js';
import { SecretSource } from '../../secret.js';
import { type ContentType, contentTypes, templateFault } from './notification-template.js';

/** What somebody can be told of. */
export const eventKinds = [
  'advance',
  'promote',
  'roll back',
  'hold',
  'command',
  'inconclusive',
  'overtaken',
  'failure',
  'warning',
] as const;

/** What somebody can be told of. */
export type EventKind = (typeof eventKinds)[number];

/** Those that have a commit to stand at. */
const committed: readonly EventKind[] = ['advance', 'promote', 'roll back', 'hold', 'command', 'inconclusive'];

/** What every kind of notification reads, and what it can be told of. */
const kinds = {
  slack: { keys: ['url'], needs: ['url'], events: eventKinds },
  webhook: { keys: ['url', 'method', 'headers', 'template', 'contentType'], needs: ['url'], events: eventKinds },
  'github-status': { keys: ['token'], needs: [], events: committed },
  'github-comment': { keys: ['token'], needs: [], events: committed },
} as const satisfies Record<
  string,
  { readonly keys: readonly string[]; readonly needs: readonly string[]; readonly events: readonly EventKind[] }
>;

/** How somebody is told. */
export type NotificationKind = keyof typeof kinds;

const Fields = z.strictObject({
  kind: z.enum(Object.keys(kinds) as [NotificationKind]),
  on: z.array(z.enum(eventKinds)).min(1).optional(),
  /** Whoever knows it can write there, so it is a secret. */
  url: SecretSource.optional(),
  method: z.enum(['POST', 'PUT', 'PATCH']).optional(),
  headers: HeadersFile.optional(),
  template: z.string().min(1).optional(),
  contentType: z.enum(contentTypes).optional(),
  token: SecretSource.optional(),
});

type Fields = z.infer<typeof Fields>;
type Fault = readonly [path: readonly string[], message: string];

const Notification = Fields.superRefine((file, context) => {
  for (const [path, message] of [...keyFaults(file), ...headerFaultsOf(file), ...bodyFaults(file)]) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
});

/** `notifications` in `sluice.yaml`. */
export const NotificationsFile = z.array(Notification).max(20);

/** Who is told of what, and how. */
export interface NotificationSettings {
  readonly kind: NotificationKind;
  /** Default: all that the kind can be told of. */
  readonly on: readonly EventKind[];
  /** Where a `slack` or a `webhook` listens. */
  readonly url: SecretSource | undefined;
  /** Of a `webhook`; default `POST`. */
  readonly method: 'POST' | 'PUT' | 'PATCH';
  /** Of a `webhook`; default none. */
  readonly headers: HeadersFile;
  /** Of a `webhook`; default `{{json}}`. */
  readonly template: string;
  /** Of a `webhook`; default `application/json`. */
  readonly contentType: ContentType;
  /** Of `github-status` and `github-comment`; default: that of `git`, or the variable GITHUB_TOKEN. */
  readonly token: SecretSource | undefined;
}

/** Returns the settings with every default resolved. */
export function notificationSettings(file: z.infer<typeof NotificationsFile>): NotificationSettings[] {
  return file.map((each) => ({
    ...{ url: undefined, method: 'POST', headers: {}, template: '{{json}}', contentType: 'application/json' },
    ...{ token: undefined, on: kinds[each.kind].events },
    ...each,
  }));
}

function keyFaults(file: Fields): Fault[] {
  const { keys, needs, events } = kinds[file.kind];
  const known: readonly string[] = ['kind', 'on', ...keys];
  const unread = Object.keys(file).filter((key) => !known.includes(key));
  const untold = file.on?.filter((event) => !events.some((each) => each === event)) ?? [];
  return [
    ...unread.map((key): Fault => [[key], `is nothing that ${file.kind} reads: its keys are ${known.join(', ')}`]),
    ...needs
      .filter((key) => file[key] === undefined)
      .map((key): Fault => [[key], `is missing: ${file.kind} needs it, as {env: NAME} or {file: PATH}`]),
    ...(untold.length === 0
      ? []
      : [[['on'], `has ${untold.join(', ')}, which has no commit: allowed are ${events.join(', ')}`] satisfies Fault]),
  ];
}

function headerFaultsOf({ headers = {} }: Fields): Fault[] {
  return headerFaults(headers).map(([name, fault]) => [['headers', name], fault]);
}

function bodyFaults({ template, contentType = 'application/json' }: Fields): Fault[] {
  const fault = template === undefined ? undefined : templateFault(template, contentType);
  return fault === undefined ? [] : [[['template'], fault]];
}
