/** What a terminal or a page would not show as it is: controls, what turns the reading direction, line separators. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]/gu;
const longest = 120;

/** Returns a value from a file as one short line; `unset` where there is none. */
export function shown(value: unknown): string {
  if (value === undefined) return 'unset';
  if (typeof value === 'string' && /^\S+$/u.test(value)) return short(value);
  return short(JSON.stringify(value).replace(/^\{\}$/, 'empty'));
}

function short(text: string): string {
  const line = text.replace(unseen, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`);
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** Returns `from → to`; of long values that begin alike, only that they differ. */
export function fromTo(from: unknown, to: unknown): string {
  const [before, after] = [shown(from), shown(to)];
  return before === after ? `changed beyond ${before}` : `${before} → ${after}`;
}

/** Returns what changed of an image: of one repository, the tags alone. */
export function imageFromTo(from: string | undefined, to: string | undefined): string {
  const [before, after] = [imageParts(from), imageParts(to)];
  if (before.tag === '' || after.tag === '' || before.repository !== after.repository) return fromTo(from, to);
  return `${fromTo(before.tag, after.tag)} (${shown(after.repository)})`;
}

/** `registry.example:5000/shop:v1` and `shop@sha256:…` have a repository and a tag or digest. */
function imageParts(image = ''): { readonly repository: string; readonly tag: string } {
  const [, repository = image, tag = ''] = /^(.+?)(?:@|:(?=[^/:@]+$))([^/]+)$/.exec(image) ?? [];
  return { repository, tag };
}

/** Returns seconds as a person writes them, such as `90s`, `15m` or `1h`. */
export function duration(seconds: number): string {
  if (seconds > 0 && seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds > 0 && seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
