const left: (() => unknown)[] = [];

/** Has something done after the last test of the file, whatever became of its tests: what comes last is done first. */
export function afterFile(task: () => unknown): void {
  left.push(task);
}

/** Does all that is left to be done; setup.ts calls it for every file. */
export async function cleanUp(): Promise<void> {
  for (let task = left.pop(); task !== undefined; task = left.pop()) await task();
}
