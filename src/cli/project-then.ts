import { filesAt, type Snapshot } from '../gitops/files-at.js';
import { loadProject, type Project } from '../values/project.js';
import { decodeText } from './read-text.js';

/**
 * Returns the settings of a workspace as a commit has them, with what they name beside them.
 *
 * @param text of sluice.yaml in that commit
 * @param file as errors name it; what lies beside it is named in the same way
 * @throws ConfigError where they are broken
 */
export async function projectThen(text: string, file: string, snapshot: Snapshot): Promise<Project> {
  const project = loadProject(text, file);
  if (project.canaryConfigs.length === 0) return project;
  const found = await filesAt(snapshot, project.canaryConfigs);
  return loadProject(text, file, (path) => {
    const bytes = found.get(path);
    const name = `${snapshot.commit.slice(0, 10)}:${snapshot.prefix}${path}`;
    return bytes && { text: decodeText(bytes, name), file: name };
  });
}
