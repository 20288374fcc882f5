import { type Finding, failed, good, instant, span } from "./finding.ts";
import { chainProblem } from "./tls-reason.ts";

/** What a server showed in a handshake. */
export interface CertificateFacts {
  readonly validFrom: Date;
  readonly validTo: Date;
  /** OpenSSL's code for what is wrong with its chain; undefined when a trusted authority is behind it. */
  readonly chainProblem: string | undefined;
  /** Whether it is for the name that was asked for. */
  readonly isForName: boolean;
  /** Names that it is for, as Node writes them: "DNS:example.org, DNS:www.example.org". */
  readonly names: string | undefined;
  /** "TLSv1.3". */
  readonly protocol: string | undefined;
}

/** What is wanted of it. */
export interface CertificateWanted {
  readonly name: string;
  /** Fails when less than this part of its lifetime is left. */
  readonly remainingFraction: number;
}

/**
 * Whether a certificate is good. Its end is judged by its own lifetime, never in days: one of 160 hours always ends in less
 * than a week, and one of 45 days that is renewed at two thirds always ends in less than three.
 */
export function judgeCertificate(facts: CertificateFacts, wanted: CertificateWanted, now: Date): Finding {
  const { validFrom, validTo } = facts;
  const left = validTo.getTime() - now.getTime();
  const lifetime = validTo.getTime() - validFrom.getTime();
  if (left <= 0) return failed(`certificate ended ${span(-left)} ago, on ${instant(validTo)}`);
  if (validFrom.getTime() > now.getTime())
    return failed(`certificate is valid only from ${instant(validFrom)}`);
  if (!facts.isForName)
    return failed(`certificate is not for ${wanted.name}, but for ${facts.names ?? "no name at all"}`);
  if (facts.chainProblem !== undefined) return failed(`certificate: ${chainProblem(facts.chainProblem)}`);
  const share = left / lifetime;
  const end = `certificate ends in ${span(left)}, ${percent(share)} of its lifetime`;
  if (share < wanted.remainingFraction) return failed(`${end} (limit ${percent(wanted.remainingFraction)})`);
  return good(`${end}${facts.protocol === undefined ? "" : `; ${facts.protocol}`}`);
}

/** Rounded down, so that what is below a limit never looks as if it met it. */
function percent(share: number): string {
  return `${Math.floor(Number((share * 100).toFixed(6)))} %`;
}
