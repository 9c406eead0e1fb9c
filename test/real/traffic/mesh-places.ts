/** Where every release of the tests stands, and the sidecar. */
export const namespace = 'shop';

/** The gateway that values name: an Istio Gateway and a Gateway of one name, on one Envoy. */
export const gateway = 'edge/public';

/** The port of every version, each on an address of its own. */
export const versionPort = 9080;

/** The port of a release in the mesh. */
export const releasePort = 80;

/** The port of ModelMesh, and of its releases in the mesh. */
export const modelMeshPort = 8033;
