/** What the command line asks of Parameter Store. Failures come as OperatorErrors where the operator can help. */
export interface Parameters {
  /** The value, decrypted; undefined: there is no such parameter. */
  read(name: string): Promise<string | undefined>;
  /** The value with when it was written last. */
  inspect(name: string): Promise<InspectedParameter | undefined>;
  /** Puts a SecureString where there is none. False: there is one, which stays. */
  putSecret(name: string, value: string, description: string): Promise<boolean>;
}

/** A parameter's value, and its age. */
export interface InspectedParameter {
  readonly value: string;
  readonly modifiedAt: Date | undefined;
}
