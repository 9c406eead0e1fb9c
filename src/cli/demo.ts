import type { OptionValues } from './command.js';
import type { Io } from './io.js';
export async function demo(_o: OptionValues, _io: Io): Promise<number> {
  return 0;
}
