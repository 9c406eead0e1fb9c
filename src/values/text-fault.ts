/** Something in a text that cannot be used, or that one YAML parser reads and another does not. */
export interface TextFault {
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}
