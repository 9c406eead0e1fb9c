import type { CheckedText } from '../check-shape.js';

/**
 * Returns a `sluice.yaml` whose `notifications` have the key `on` as people mean it: in YAML 1.1 the word is `true`, as
 * a key too. Positions and paths are those of the text.
 */
export function withWrittenOn({ data, problem }: CheckedText): CheckedText {
  const notifications = isMap(data) && data.notifications;
  if (!Array.isArray(notifications)) return { data, problem };
  const isMeant = (entry: unknown) => isMap(entry) && Object.hasOwn(entry, 'true') && !Object.hasOwn(entry, 'on');
  return {
    data: { ...(data as object), notifications: notifications.map((each) => (isMeant(each) ? renamed(each) : each)) },
    problem(path, message, options) {
      const [top, index, key, ...rest] = path;
      if (top !== 'notifications' || key !== 'on' || !isMeant(notifications[Number(index)])) {
        return problem(path, message, options);
      }
      const found = problem([top, index as number, 'true', ...rest], message, options);
      return { ...found, path: found.path.replace(/^(notifications\[\d+\])\.true/, '$1.on') };
    },
  };
}

function renamed({ true: on, ...rest }: { readonly [key: string]: unknown }): object {
  return { ...rest, on };
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
