import { valuesJsonSchema } from '../values/json-schema.js';
import { exitCodes, type Io } from './io.js';

/** Prints the JSON Schema of a values file. */
export function schema(io: Io): number {
  io.stdout.write(`${JSON.stringify(valuesJsonSchema(), null, 2)}\n`);
  return exitCodes.done;
}
