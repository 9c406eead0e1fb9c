/** Requests that one source is sent at once. */
const mostAtOnce = 8;

/** Returns what the work makes of each of the items, in their order, a few of them at once; the first error ends it. */
export async function someAtOnce<Item, Made>(
  items: readonly Item[],
  work: (item: Item) => Promise<Made>,
): Promise<Made[]> {
  const made = new Array<Made>(items.length);
  const rest = items.entries();
  const worker = async () => {
    for (const [i, item] of rest) made[i] = await work(item);
  };
  await Promise.all(Array.from({ length: mostAtOnce }, worker));
  return made;
}
