import { constants, createHash, publicDecrypt } from "node:crypto";
import { BadSignatureError, TagRegressionError, TagUnreadableError, UntrustedKeyError } from "./failures.ts";

/** What FreeBSD says of a release in the tag that it signs (freebsd-src, freebsd-update.sh, fetch_tag). */
export interface FreebsdTag {
  /** Of the newest patch: 2 for 14.3-RELEASE-p2, 0 for a release without any. */
  readonly patchLevel: number;
  /** Name of the metadata's index: SHA-256 in hexadecimal. */
  readonly indexHash: string;
  /** The last day on which anything is mended, in UTC: "2027-03-31". */
  readonly endOfLife: string;
}

/** Architectures as the fleet and freebsd-update call them. */
export type Arch = "amd64" | "arm64";

/**
 * Reads a tag, `latest.ssl`: one line that is signed by RSA with message recovery (PKCS #1 v1.5, as `openssl pkeyutl
 * -verifyrecover` undoes it). All trust comes from the key's print: both files travel over plain HTTP.
 * @param publicKey `pub.ssl`, a key in PEM
 * @param keyPrint SHA-256 of that file in hexadecimal, as /etc/freebsd-update.conf has it
 * @param release "14.3"
 * @throws UntrustedKeyError, BadSignatureError, TagUnreadableError
 */
export function readTag(
  latest: Buffer,
  publicKey: Buffer,
  keyPrint: string,
  release: string,
  arch: Arch,
): FreebsdTag {
  const print = createHash("sha256").update(publicKey).digest("hex");
  if (print !== keyPrint)
    throw new UntrustedKeyError(
      `freebsd-update's key is another one: its SHA-256 is ${print}, not ${keyPrint}`,
    );
  const [line = "", ...rest] = recover(latest, publicKey).split("\n");
  if (rest.length !== 1 || rest[0] !== "") throw new TagUnreadableError("FreeBSD's tag is not one line");
  return readFields(line, `${release}-RELEASE`, arch);
}

function recover(signed: Buffer, key: Buffer): string {
  try {
    return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signed).toString("latin1");
  } catch (cause) {
    throw new BadSignatureError("FreeBSD's tag is not signed by FreeBSD's key", { cause });
  }
}

/** `freebsd-update|ARCH|RELEASE|PATCHLEVEL|INDEX|END-OF-LIFE`, the last in seconds since 1970. */
function readFields(line: string, release: string, arch: Arch): FreebsdTag {
  const pattern =
    /^freebsd-update\|([a-z0-9]{1,20})\|([A-Z0-9.-]{1,30})\|(\d{1,4})\|([0-9a-f]{64})\|(\d{10})(?:\|.*)?$/;
  const [, itsArch, itsRelease, patchLevel, indexHash = "", endOfLife] = pattern.exec(line) ?? [];
  if (itsArch === undefined) throw new TagUnreadableError("FreeBSD's tag does not say what a tag says");
  if (itsArch !== arch || itsRelease !== release)
    throw new TagUnreadableError(
      `FreeBSD's tag is of ${itsRelease} for ${itsArch}, not of ${release} for ${arch}`,
    );
  return { patchLevel: Number(patchLevel), indexHash, endOfLife: lastDayBefore(Number(endOfLife)) };
}

/** The instant is the midnight after the last day: 2015-01-01T00:00Z for a release that was announced until 2014-12-31. */
function lastDayBefore(seconds: number): string {
  return new Date((seconds - 1) * 1000).toISOString().slice(0, 10);
}

/**
 * Refuses a tag that is older than one seen before of the same release and architecture: patch levels only grow, so it
 * is a mirror that stands still, or somebody who replays (freebsd-update.sh, fetch_tagsanity).
 * @throws TagRegressionError
 */
export function refuseRegression(
  previous: Pick<FreebsdTag, "patchLevel">,
  now: Pick<FreebsdTag, "patchLevel">,
): void {
  if (now.patchLevel >= previous.patchLevel) return;
  throw new TagRegressionError(
    `FreeBSD's server says patch level ${now.patchLevel}, and it said ${previous.patchLevel} before`,
  );
}
