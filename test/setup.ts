import { afterAll } from 'vitest';
import { cleanUp } from './clean-up.js';

// This is run for every file, which other modules are not: files share them.
afterAll(cleanUp, 300_000);
