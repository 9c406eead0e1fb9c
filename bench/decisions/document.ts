/** Parts of a page that are written by a program, by the name that its comments give them. */
export type Blocks = { readonly [name: string]: string };

/**
 * Returns a page with what stands between `<!-- NAME -->` and `<!-- /NAME -->` replaced.
 *
 * @throws Error where the page has no place for a block
 */
export function withBlocks(page: string, blocks: Blocks): string {
  return Object.entries(blocks).reduce((text, [name, block]) => {
    const [from, to] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
    const [start, end] = [text.indexOf(from), text.indexOf(to)];
    if (start < 0 || end < start) throw new Error(`the page has no place between ${from.trim()} and ${to}`);
    return `${text.slice(0, start + from.length)}\n${block}\n\n${text.slice(end)}`;
  }, page);
}
