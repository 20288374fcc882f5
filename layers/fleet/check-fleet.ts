import { explainIssue, type Finding } from "./explain-issue.ts";
import { type Fleet, FleetSchema } from "./fleet.ts";
import { refuseSecrets } from "./refuse-secrets.ts";

/** The fleet in a value that came from YAML or JSON, or everything that is wrong with it. */
export function checkFleet(value: unknown): { fleet: Fleet } | { findings: Finding[] } {
  const secrets = refuseSecrets(value);
  const parsed = FleetSchema.safeParse(value);
  if (parsed.success && secrets.length === 0) return { fleet: parsed.data };
  const issues = parsed.success ? [] : parsed.error.issues.flatMap((issue) => explainIssue(issue, value));
  // What looks like a secret is reported as such only; the other message would repeat it.
  const isSecret = (finding: Finding) =>
    secrets.some(({ path }) => path.join(".") === finding.path.join("."));
  return { findings: [...secrets, ...issues.filter((finding) => finding.atKey || !isSecret(finding))] };
}
