/**
 * Returns a PromQL string whose content is an RE2 expression that matches exactly these texts, each followed by `suffix`.
 * JSON's escapes are a subset of those of PromQL, and Prometheus anchors every label matcher itself.
 *
 * @param suffix an RE2 expression; default nothing
 */
export function oneOf(texts: readonly string[], suffix = ''): string {
  const literals = texts.map((text) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')).join('|');
  return JSON.stringify(suffix === '' ? literals : `(${literals})${suffix}`);
}
