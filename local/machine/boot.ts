import type { HostKey } from "./host-keys.ts";

/** Seconds until sshd listens, and until the host keys stand on the console. */
export interface BootPlan {
  readonly sshdAfterSeconds: number;
  readonly keysAfterSeconds: number;
  readonly lines: readonly { readonly afterSeconds: number; readonly text: string }[];
}

/** What a first read of the volume costs: all of it with a rate, about 9 MB/s of the used part without. */
const FAST_SECONDS = 280;
const SLOW_SECONDS = 1080;

/**
 * How an AMI builder boots (freebsd-src, release/tools/rc.amibuilder): it copies itself into a memory disk, reroots
 * into that, writes the base image onto the volume, mounts it, and only then starts what a server starts.
 */
export function planBoot(release: string, arch: string, initializationRate: number | undefined): BootPlan {
  const whole = initializationRate === undefined ? SLOW_SECONDS : FAST_SECONDS;
  const kernelArch = arch === "arm64" ? "arm64" : "amd64";
  const at = (share: number) => Math.round(whole * share);
  return {
    sshdAfterSeconds: whole,
    keysAfterSeconds: whole + 4,
    lines: [
      { afterSeconds: 10, text: "Loading kernel..." },
      { afterSeconds: 14, text: `FreeBSD ${release}-RELEASE GENERIC ${kernelArch}` },
      {
        afterSeconds: 15,
        text: "ena0: <Elastic Network Adapter ENA Adapter> mem 0x80404000-0x80407fff at device 5.0 on pci0",
      },
      { afterSeconds: 18, text: "nda0 at nvme0 bus 0 scbus0 target 0 lun 1" },
      { afterSeconds: 20, text: "Trying to mount root from ufs:/dev/gpt/rootfs []..." },
      { afterSeconds: 24, text: "Copying FreeBSD into memory disk..." },
      { afterSeconds: at(0.45), text: "Rebooting into memory disk..." },
      { afterSeconds: at(0.48), text: "Trying to mount root from ufs:/dev/md0p4 []..." },
      { afterSeconds: at(0.5), text: "Installing base FreeBSD image..." },
      { afterSeconds: at(0.92), text: "Setting hostname: freebsd." },
      { afterSeconds: at(0.94), text: "DHCPACK from 172.31.0.1" },
      { afterSeconds: at(0.96), text: "Fetching EC2 user-data." },
      { afterSeconds: at(0.97), text: "Fetching SSH public key." },
      { afterSeconds: whole - 3, text: "Generating ED25519 host key." },
      { afterSeconds: whole, text: "Starting sshd." },
    ],
  };
}

/** The console after so many seconds; the block of host keys is printed by ec2_loghostkey. */
export function consoleAt(
  plan: BootPlan,
  seconds: number,
  keys: readonly HostKey[],
  stopsEarly: boolean,
): string {
  const end = stopsEarly ? Math.min(seconds, plan.sshdAfterSeconds * 0.9) : seconds;
  const lines = plan.lines.filter(({ afterSeconds }) => afterSeconds <= end).map(({ text }) => text);
  if (end >= plan.keysAfterSeconds)
    lines.push(...keyBlock(keys), "", "FreeBSD/amd64 (freebsd) (ttyu0)", "", "login: ");
  return lines
    .map((line) => `${line}\r\n`)
    .join("")
    .slice(-64 * 1024);
}

function keyBlock(keys: readonly HostKey[]): string[] {
  const rule = "#".repeat(61);
  const block = [
    rule,
    "-----BEGIN SSH HOST KEY FINGERPRINTS-----",
    ...keys.map(({ bits, fingerprint, type }) => `${bits} ${fingerprint} root@freebsd (${type})`),
    "-----END SSH HOST KEY FINGERPRINTS-----",
    rule,
  ];
  return block.map((line) => `ec2: ${line}`);
}
