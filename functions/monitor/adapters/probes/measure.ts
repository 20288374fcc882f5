import type { Check, CheckKind, CheckOf } from "#fleet";
import { stopwatch } from "#platform";
import type { CheckResult } from "../../check-result.ts";
import { type Finding, failed, ProbeEndedError, quoted, seconds, timedOut } from "../../findings/finding.ts";
import type { Surroundings } from "../../ports.ts";
import { Attempt, type Probe } from "./attempt.ts";
import { probeBackup } from "./backup.ts";
import { probeDns } from "./dns.ts";
import { probeExecution } from "./execution.ts";
import { probeHeartbeat } from "./heartbeat.ts";
import { probeHttp } from "./http.ts";
import { probePing } from "./ping.ts";
import { probeSmtp } from "./smtp.ts";
import { probeSpiped } from "./spiped.ts";
import { probeSsh } from "./ssh.ts";
import { probeTcp } from "./tcp.ts";
import { probeTls } from "./tls.ts";
import { probeTwilio } from "./twilio.ts";

const PROBES: { readonly [Kind in CheckKind]: Probe<Kind> } = {
  backup: probeBackup,
  dns: probeDns,
  execution: probeExecution,
  heartbeat: probeHeartbeat,
  http: probeHttp,
  ping: probePing,
  smtp: probeSmtp,
  spiped: probeSpiped,
  ssh: probeSsh,
  tcp: probeTcp,
  tls: probeTls,
  twilio: probeTwilio,
};

/** Measures one check. Never throws, ends in time, and leaves no handle open. */
export async function measure(name: string, check: Check, surroundings: Surroundings): Promise<CheckResult> {
  try {
    // Before the time runs: how fast Parameter Store is says nothing about what is watched.
    await readSecrets(check, surroundings);
  } catch (error) {
    return { ...failed(messageOf(error)), milliseconds: 0 };
  }
  const elapsed = stopwatch();
  const attempt = new Attempt(name, check);
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<Finding>((resolve) => {
    timer = setTimeout(
      () => resolve(timedOut(`no answer in ${seconds(check.timeoutSeconds)}, ${attempt.stage}`)),
      attempt.timeoutMilliseconds,
    );
  });
  const finding = await Promise.race([find(check, surroundings, attempt), timeUp]);
  const milliseconds = Math.round(finding.milliseconds ?? elapsed());
  clearTimeout(timer);
  attempt.end();
  return { verdict: finding.verdict, milliseconds, reason: quoted(finding.reason, REASON_LIMIT) };
}

/** Characters of a reason: it is read out in calls and sent in messages. */
const REASON_LIMIT = 300;

async function find<Kind extends CheckKind>(
  check: CheckOf<Kind>,
  surroundings: Surroundings,
  attempt: Attempt,
): Promise<Finding> {
  const probe: Probe<Kind> = PROBES[check.kind as Kind];
  try {
    return await probe(check, surroundings, attempt);
  } catch (error) {
    if (error instanceof ProbeEndedError) return error.finding;
    return failed(`the probe itself failed: ${messageOf(error)}`);
  }
}

async function readSecrets(check: Check, surroundings: Surroundings): Promise<void> {
  if ("keyParameter" in check && check.keyParameter !== undefined) await surroundings.key(check.keyParameter);
  if ("sshKeyParameter" in check) await surroundings.sshKey(check.sshKeyParameter);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
