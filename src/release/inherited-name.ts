/**
 * Whether every object of JavaScript has something by this name, such as `constructor`: whoever looks it up in a record finds
 * that. So no metric and no version is called like it.
 */
export function isInherited(name: string): boolean {
  return name in Object.prototype;
}

/** What is said of such a name. */
export const inheritedWords = 'is what something is called that every object of JavaScript has';
