// A file of its own in dist/: what workers.ts starts as a thread.
import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from '../../simulate/simulate.js';

parentPort?.postMessage(await simulate(workerData));
