import type { CheckOf } from "#fleet";
import { simulated } from "./duration.ts";

/** How a job reports. */
export interface HeartbeatLines {
  /** A report of success. With /start, /fail or an exit status after it, of that. */
  readonly url: string;
  /** What stands around JOB in crontab(5), without the schedule. */
  readonly crontab: string;
  /** The same with what FreeBSD's base system has (fetch(1)). */
  readonly fetch: string;
}

/**
 * The lines for an address. cron(8) runs them by sh(1), for which `$?` is the job's exit status; `-o /dev/null`, since
 * cron would send the answer as mail, and `-m 10 --retry 5`, since a report that is lost wakes somebody (curl(1)).
 */
export function heartbeatLines(url: string): HeartbeatLines {
  const curl = "curl -fsS -m 10 --retry 5 -o /dev/null";
  const fetch = "fetch -q -T 10 -o /dev/null";
  return {
    url,
    crontab: `${curl} ${url}/start; JOB; ${curl} ${url}/$?`,
    fetch: `${fetch} ${url}/start; JOB; ${fetch} ${url}/$?`,
  };
}

/** What `nightshift heartbeat` prints. */
export function renderHeartbeat(
  name: string,
  { title, withinMinutes, graceMinutes }: CheckOf<"heartbeat">,
  { url, crontab, fetch }: HeartbeatLines,
): string {
  const called = title === undefined ? name : `${name} (${title})`;
  return `${called} must report success every ${simulated(withinMinutes * 60)}, and may be ${simulated(graceMinutes * 60)} late.
Whoever has this address can report for it, and for nothing else:

  ${url}

In crontab(5), in place of JOB alone (its beginning, and its exit status):

  ${crontab}

Without curl, by what FreeBSD has:

  ${fetch}
`;
}
