/**
 * For programs of Go that last a moment. They clean nothing up, which saves a quarter of their time, or half with a long
 * history. kubectl and Helm load kubectl's texts at every start: in this language there are hardly any, none for errors.
 */
export const shortLived = { GOGC: 'off', LC_ALL: 'zh_TW.UTF-8' } as const;
