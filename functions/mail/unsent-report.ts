import type { Log } from "#platform";

/**
 * Says of a report that its owner does not get it: the run that it is about may have gone well, and nobody misses a mail.
 * The metric has an alarm (infra/mail.yml), which goes past our own mail.
 */
export function raiseUnsent(report: string, why: "suppressed" | "refused", log: Log): void {
  log.error(
    why === "suppressed"
      ? `${report}: its recipient is suppressed, and gets no mail until mail-lift lets it`
      : `${report}: SES refuses it, and its recipient does not get it`,
  );
  log.metric("ReportUnsent", 1, "Count");
}
