import type { CheckOf } from "#fleet";
import { type Finding, failed, good, type Match, quoted } from "./finding.ts";

/** Bytes of a body that are read. Beyond them a page is no page. */
export const BODY_LIMIT_BYTES = 1024 * 1024;

/** How long the parts of a request took, in milliseconds, one after the other. */
export interface Timings {
  /** From the beginning, the name's lookup included. */
  readonly connect: number;
  /** Undefined without TLS. */
  readonly tls: number | undefined;
  readonly firstByte: number;
  readonly whole: number;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** The Location header. */
  readonly location: string | undefined;
  /** Undefined: it was longer than the limit. */
  readonly body: string | undefined;
  /** Whether the pattern that is wanted, if any, matches the body. */
  readonly match: Match | undefined;
  readonly timings: Timings;
}

type Wanted = Pick<
  CheckOf<"http">,
  "url" | "status" | "contains" | "matches" | "redirectsTo" | "slowMilliseconds"
>;

/** Whether an answer is the one that is wanted. Nothing of its body, and no query of an address, becomes a reason. */
export function judgeAnswer(answer: Answer, wanted: Wanted): Finding {
  const { timings } = answer;
  const milliseconds = Math.round(timings.whole);
  const problem =
    wanted.redirectsTo === undefined ? pageProblem(answer, wanted) : redirectProblem(answer, wanted);
  if (problem !== undefined) return { ...failed(problem), milliseconds };
  if (wanted.slowMilliseconds !== undefined && milliseconds > wanted.slowMilliseconds) {
    const limit = `limit ${wanted.slowMilliseconds} ms`;
    return { ...failed(`slow: ${milliseconds} ms (${limit}): ${partsOf(timings)}`), milliseconds };
  }
  return { ...good(`status ${answer.status} in ${milliseconds} ms: ${partsOf(timings)}`), milliseconds };
}

function pageProblem({ status, body, match }: Answer, wanted: Wanted): string | undefined {
  if (!wanted.status.includes(status)) return `status ${status}, expected ${wanted.status.join(" or ")}`;
  if (body === undefined) return `the page is longer than ${BODY_LIMIT_BYTES / 1024} KiB`;
  if (wanted.contains !== undefined && !body.includes(wanted.contains))
    return `status ${status}, but the page does not contain "${quoted(wanted.contains)}"`;
  if (wanted.matches === undefined || match === "yes") return undefined;
  const pattern = `/${quoted(wanted.matches)}/`;
  return match === "no"
    ? `status ${status}, but the page does not match ${pattern}`
    : `status ${status}, but ${pattern} takes too long to try on the page`;
}

/** Where a redirect leads may be relative to where it came from (RFC 9110, 10.2.2). */
function redirectProblem(
  { status, location }: Answer,
  { url, redirectsTo = "" }: Wanted,
): string | undefined {
  const expected = `expected a redirect to ${withoutQuery(redirectsTo)}`;
  if (![301, 302, 303, 307, 308].includes(status)) return `status ${status}, ${expected}`;
  if (location === undefined) return `status ${status} without a Location, ${expected}`;
  if (!URL.canParse(location, url)) return `status ${status} with a Location that is no address, ${expected}`;
  const target = new URL(location, url);
  if (target.href === new URL(redirectsTo).href) return undefined;
  const shown = withoutQuery(target.href);
  return shown === withoutQuery(redirectsTo)
    ? `redirects to ${shown} with another query than expected`
    : `redirects to ${shown}, ${expected}`;
}

/** Queries and names of users may hold secrets. */
function withoutQuery(address: string): string {
  const { origin, pathname } = new URL(address);
  return quoted(`${origin}${pathname}`);
}

function partsOf({ connect, tls, firstByte, whole }: Timings): string {
  const parts = [`connect ${Math.round(connect)}`];
  if (tls !== undefined) parts.push(`TLS ${Math.round(tls)}`);
  parts.push(
    `first byte ${Math.round(firstByte)}`,
    `rest ${Math.round(Math.max(0, whole - connect - (tls ?? 0) - firstByte))}`,
  );
  return parts.join(", ");
}
