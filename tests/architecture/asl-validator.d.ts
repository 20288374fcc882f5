declare module "asl-validator" {
  /** Checks a state machine's definition against the Amazon States Language. Changes what it is given. */
  export default function validate(definition: unknown): {
    readonly isValid: boolean;
    readonly errors: readonly object[];
    readonly errorsText: (separator?: string) => string;
  };
}
