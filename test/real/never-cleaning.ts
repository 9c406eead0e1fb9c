/** A program of Go that lasts a moment cleans nothing up: that saves a quarter of its time, or half with a long history. */
export const neverCleaning = { GOGC: 'off' } as const;
