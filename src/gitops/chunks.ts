/** Far below what a system lets a program be started with. */
const mostPaths = 2000;

/** Returns the paths in parts that one git can be asked for; one part for few. */
export function chunksOf(paths: readonly string[]): readonly string[][] {
  const count = Math.ceil(paths.length / mostPaths);
  return Array.from({ length: count }, (_, i) => paths.slice(i * mostPaths, (i + 1) * mostPaths));
}
