// A thread of pool.ts: plays what it is sent, one task after the other.
import { parentPort } from 'node:worker_threads';
import { play, type Task } from './play.js';

parentPort?.on('message', (task: Task) => parentPort?.postMessage(play(task)));
