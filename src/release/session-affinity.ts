/** How requests of one session stay with one version, for so many seconds. */
export interface SessionAffinity {
  readonly type: 'Cookie' | 'ClientIP';
  /** The name of the cookie. */
  readonly cookie: string;
  readonly maxAge: number;
}
