/** What SES told of a mail after it had accepted it. */
export interface Outcome {
  readonly kind: "delivered" | "bounced" | "complained" | "rejected";
  /** When it happened, by SES's clock. */
  readonly at: Date;
  /** In SES's words, for example "Permanent General"; empty when the kind says it all. */
  readonly reason: string;
}
