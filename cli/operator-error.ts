/** Something that the operator can put right. The message says what is wrong, the hint what to do about it. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
