import { refusalsOf } from '../release-of.js';

/** Returns what is refused of a version called v1 with these keys, as `<path> <message>`. */
export function refusals(version: string, application = '', environment = 'istio'): string[] {
  const entry = `  - {metadata: {name: v1}, image: registry.example/shop:v1, ${version}}\n`;
  return refusalsOf(`environment: ${environment}\napplication:\n${application}  versions:\n${entry}`);
}
