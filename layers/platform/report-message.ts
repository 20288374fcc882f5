/** A report to be mailed, as domains hand it to the mail domain: by a state machine, since they do not import one another. */
export interface ReportMessage {
  /** Natural key: the same report is never sent twice. */
  readonly id: string;
  readonly from: string;
  readonly to: string[];
  readonly subject: string;
  readonly text: string;
}
