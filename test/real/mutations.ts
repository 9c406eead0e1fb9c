import type { Mutation } from './mutation.js';
import { objectMutations } from './object-mutations.js';
import { routeMutations } from './route-mutations.js';

/** Values that are refused, and whose objects a server would refuse as well. */
export const mutations: readonly Mutation[] = [...objectMutations, ...routeMutations];
