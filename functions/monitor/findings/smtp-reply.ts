/** Lines of a reply that are read; servers list a dozen extensions. */
export const REPLY_LINES = 100;

/** Bytes of a line: 512 for replies (RFC 5321, 4.5.3.1.5), and some patience. */
export const REPLY_LINE_BYTES = 4096;

/** A reply, whole (RFC 5321, 4.2). */
export interface SmtpReply {
  readonly code: number;
  /** Texts of its lines, without codes. */
  readonly lines: readonly string[];
}

/** A line of a reply; `isLast` unless its code is followed by "-". Undefined: it is no such line. */
export function readReplyLine(
  line: string,
): { readonly code: number; readonly isLast: boolean; readonly text: string } | undefined {
  const [, code, separator = "", text = ""] = /^([2-5][0-5]\d)([ -]?)(.*)$/s.exec(line) ?? [];
  if (code === undefined || (separator === "" && text !== "")) return undefined;
  return { code: Number(code), isLast: separator !== "-", text };
}

/** Puts lines together. Undefined when they are no reply: each must have the same code, and only the last be the last. */
export function readReply(lines: readonly string[]): SmtpReply | undefined {
  const parts = lines.map(readReplyLine);
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  const isWhole = parts.every(
    (part, index) => part?.code === last.code && part.isLast === (index === parts.length - 1),
  );
  if (!isWhole) return undefined;
  return { code: last.code, lines: parts.map((part) => part?.text ?? "") };
}

/** Whether a reply to EHLO offers an extension: its first word, in any case, after the greeting (RFC 5321, 4.1.1.1). */
export function offers({ lines }: SmtpReply, keyword: string): boolean {
  return lines.slice(1).some((line) => line.split(" ")[0]?.toUpperCase() === keyword);
}
