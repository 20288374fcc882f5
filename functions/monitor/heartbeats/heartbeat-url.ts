import { createHmac, timingSafeEqual } from "node:crypto";

/** What a job says: it began, it ended well, or it failed, with its exit status if it said so. */
export type Beat =
  | { readonly kind: "start" }
  | { readonly kind: "success" }
  | { readonly kind: "failure"; readonly exitStatus: number | undefined };

/** Characters of a token: 192 bits in base64url. */
const TOKEN_LENGTH = 32;

/**
 * The token by which a job shows that it may report for a check: an HMAC-SHA256 of the check's name, so that one secret
 * serves all and a job can report for no other. Whoever has the address can report, and nothing else.
 */
export function heartbeatToken(secret: string, check: string): string {
  return createHmac("sha256", secret).update(`heartbeat/${check}`).digest("base64url").slice(0, TOKEN_LENGTH);
}

/** The path behind the function's address: `/backup/TOKEN`. A job adds `/start`, `/fail` or its exit status. */
export function heartbeatPath(secret: string, check: string): string {
  return `/${check}/${heartbeatToken(secret, check)}`;
}

/**
 * What a path says: `/backup/TOKEN`, `/backup/TOKEN/start`, `…/fail`, `…/0` to `…/255` (0 is success, as in sh(1)).
 * Undefined: it is no such path, or its token is another's.
 */
export function readHeartbeatPath(
  path: string,
  secret: string,
): { readonly check: string; readonly beat: Beat } | undefined {
  const [, check = "", token = "", word = "0"] =
    /^\/([a-z][a-z0-9-]{0,29})\/([\w-]{32})(?:\/(start|fail|\d{1,3}))?\/?$/.exec(path) ?? [];
  if (check === "" || !timingSafeEqual(Buffer.from(token), Buffer.from(heartbeatToken(secret, check))))
    return undefined;
  if (word === "start") return { check, beat: { kind: "start" } };
  if (word === "fail") return { check, beat: { kind: "failure", exitStatus: undefined } };
  const exitStatus = Number(word);
  if (exitStatus > 255) return undefined;
  return { check, beat: exitStatus === 0 ? { kind: "success" } : { kind: "failure", exitStatus } };
}
