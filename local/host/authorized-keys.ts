import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ssh2, { type ParsedKey } from "ssh2";

/** A key that lets a user in. */
export interface AuthorizedKey {
  readonly key: ParsedKey;
  /** What runs in place of whatever is asked for (sshd(8), command=). */
  readonly forcedCommand: string | undefined;
}

/** The keys in a file of sshd's (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"). Lines that are none are passed over, as by sshd. */
export function parseAuthorizedKeys(text: string): AuthorizedKey[] {
  return text.split("\n").flatMap((line) => {
    const [, options = "", publicKey = ""] =
      /^\s*(?:((?:"(?:\\"|[^"])*"|[^\s"])+)\s+)?((?:ssh|ecdsa)-\S+\s+\S+.*)$/.exec(line) ?? [];
    const key = ssh2.utils.parseKey(publicKey);
    if (publicKey === "" || key instanceof Error) return [];
    const [, command] = /(?:^|,)command="((?:\\"|[^"])*)"/i.exec(options) ?? [];
    return [{ key, forcedCommand: command?.replaceAll('\\"', '"') }];
  });
}

/**
 * Whom sshd(8) lets in on a host: ec2-user, and root as far as its flags say, with which it was started. Files of keys are
 * read at each login.
 */
export function keysOnDisk(root: string, user: string, flags: string): AuthorizedKey[] {
  if (user === "ec2-user") return keysIn(join(root, "home/ec2-user/.ssh/authorized_keys"));
  if (user !== "root") return [];
  const keys = keysIn(join(root, "root/.ssh/authorized_keys"));
  switch (permitRootLogin(flags)) {
    case "yes":
    case "prohibit-password":
    case "without-password":
      return keys;
    case "forced-commands-only":
      return keys.filter(({ forcedCommand }) => forcedCommand !== undefined);
    default:
      return []; // FreeBSD's default is "no"
  }
}

function permitRootLogin(flags: string): string {
  return (/PermitRootLogin[= ]"?([a-z-]+)/i.exec(flags)?.[1] ?? "no").toLowerCase();
}

function keysIn(file: string): AuthorizedKey[] {
  return existsSync(file) ? parseAuthorizedKeys(readFileSync(file, "utf8")) : [];
}
