/** What the command line asks of Parameter Store. Failures come as OperatorErrors where the operator can help. */
export interface Parameters {
  /** The value, decrypted; undefined: there is no such parameter. */
  read(name: string): Promise<string | undefined>;
  /** Puts a SecureString where there is none. False: there is one, which stays. */
  putSecret(name: string, value: string, description: string): Promise<boolean>;
}
