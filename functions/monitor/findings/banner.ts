import { type Finding, failed, good, type Match, quoted } from "./finding.ts";

/** Bytes after which a first line is taken as it is, though it has not ended. */
export const BANNER_BYTES = 1024;

/** Whether the first line that a service sent is the one that is expected: that `pattern` matches. */
export function judgeBanner(line: string, pattern: string, match: Match): Finding {
  if (match === "yes") return good(`greeted: "${quoted(line)}"`);
  return match === "no"
    ? failed(`greeting is "${quoted(line)}", expected /${pattern}/`)
    : failed(`greeting is "${quoted(line)}", and /${pattern}/ takes too long to try on it`);
}

/** Of lines that an SSH server sends, the one that identifies it; it may send others before (RFC 4253, 4.2). */
export function isSshIdentification(line: string): boolean {
  return line.startsWith("SSH-");
}

/** Whether an SSH server's identification is one of version 2; "1.99" also speaks version 2 (RFC 4253, 5.1). */
export function judgeSshIdentification(line: string): Finding {
  return /^SSH-(2\.0|1\.99)-/.test(line)
    ? good(`sshd answered: "${quoted(line)}"`)
    : failed(`sshd does not speak SSH 2: "${quoted(line)}"`);
}
