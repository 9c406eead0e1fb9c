/**
 * A daemon in a process of its own: it makes passes one after the other in the time of a clock that it moves itself, and
 * writes a snapshot of its heap after some of them: `memory-child.ts WORKSPACE BEGIN SNAPSHOTS PASSES...`.
 */
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { writeHeapSnapshot } from 'node:v8';
import { watch } from '../../../src/cli/watch/watch.js';

const [cwd = '', begin = '', snapshots = '', ...moments] = process.argv.slice(2);
const controller = new AbortController();
let now = Number(begin);
let ended = 0;

const silent = { write() {} };
const sleep = async (seconds: number) => {
  now += seconds;
};
const stdout = {
  write() {
    ended += 1;
    const moment = moments.indexOf(`${ended}`);
    if (moment >= 0) writeHeapSnapshot(join(snapshots, `${ended}.json`));
    if (moment === moments.length - 1) controller.abort('enough');
  },
};
const stop = { signal: controller.signal, release: () => {} };
const io = { stdin: Readable.from([]), stdout, stderr: silent, cwd, now: () => now };
process.exitCode = await watch({ argument: undefined, options: { watch: true, output: 'json' } }, io, { stop, sleep });
