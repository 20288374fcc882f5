/** One line of `ssh-keygen -l`: `256 SHA256:… comment (ED25519)`. */
export interface HostKey {
  readonly type: string;
  /** `SHA256:` and 43 characters of unpadded base64, as OpenSSH prints it. */
  readonly fingerprint: string;
}

const BEGIN = "-----BEGIN SSH HOST KEY FINGERPRINTS-----";
const END = "-----END SSH HOST KEY FINGERPRINTS-----";
const KEY = /\b\d{3,5} (SHA256:[A-Za-z0-9+/]{43}) .*\(([A-Za-z0-9-]+)\)\s*$/;

/**
 * The host keys that a FreeBSD machine printed on its console (ec2_loghostkey), or undefined while its block is not
 * complete. The last complete block counts: every boot prints one. Lines in between that are no key (the kernel
 * writes to the console when it likes) are passed over; a block without any key counts as incomplete.
 */
export function parseHostKeys(consoleOutput: string): HostKey[] | undefined {
  let open: HostKey[] | undefined;
  let complete: HostKey[] | undefined;
  for (const line of consoleOutput.split(/\r\n|\r|\n/)) {
    if (line.includes(BEGIN)) open = [];
    else if (line.includes(END)) {
      if (open !== undefined && open.length > 0) complete = open;
      open = undefined;
    } else if (open !== undefined) {
      const [, fingerprint, type] = KEY.exec(line) ?? [];
      if (fingerprint !== undefined && type !== undefined) open.push({ type, fingerprint });
    }
  }
  return complete;
}
