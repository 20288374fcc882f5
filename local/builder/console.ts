import type { BootTimeline } from "./boot-timeline.ts";
import type { MachineSpec } from "./contract.ts";
import type { HostKey } from "./host-keys.ts";

/** A line of the serial console, and when it appears, in seconds since the boot began. */
export interface ConsoleLine {
  readonly atSeconds: number;
  readonly text: string;
}

/** What GetConsoleOutput keeps. */
const KEPT_BYTES = 64 * 1024;

/** All that a boot prints, in the words of FreeBSD's loader, kernel and rc scripts. */
export function bootLines(
  image: MachineSpec["image"],
  timeline: BootTimeline,
  hostKeys: readonly HostKey[],
): ConsoleLine[] {
  const root = timeline.builder === undefined ? `${image.filesystem}:/dev/gpt/rootfs` : "ufs:/dev/gpt/rootfs";
  return [
    ...at(0, LOADER),
    ...at(timeline.kernelSeconds, kernelLines(image)),
    ...at(timeline.kernelSeconds + 6, [`Trying to mount root from ${root} []...`]),
    ...builderLines(timeline.builder),
    ...rcLines(timeline),
    ...at(timeline.hostKeysSeconds, [
      ...hostKeyBlock(hostKeys),
      "",
      `FreeBSD/${image.arch} (freebsd) (ttyu0)`,
      "",
      "login: ",
    ]),
  ];
}

/** The console after so many seconds: the last 64 KiB of it, with the line ends of a serial line. */
export function consoleText(lines: readonly ConsoleLine[], seconds: number): string {
  const text = lines.filter(({ atSeconds }) => atSeconds <= seconds).map((line) => `${line.text}\r\n`);
  return text.join("").slice(-KEPT_BYTES);
}

const LOADER = [
  "Consoles: EFI console",
  "    Reading loader env vars from /efi/freebsd/loader.env",
  "FreeBSD/EFI loader, Revision 3.0",
  "Loading kernel...",
  "/boot/kernel/kernel text=0x1a2b3c data=0x18f1a0 syms=[0x8+0x1b0000+0x8+0x1c0000]",
  "Loading configured modules...",
];

function kernelLines({ release, arch }: MachineSpec["image"]): string[] {
  return [
    "---<<BOOT>>---",
    "Copyright (c) 1992-2026 The FreeBSD Project.",
    `FreeBSD ${release}-RELEASE GENERIC ${arch}`,
    "VT(efifb): resolution 800x600",
    "real memory  = 17179869184 (16384 MB)",
    "nvme0: <Generic NVMe Device> mem 0x80404000-0x80407fff at device 4.0 on pci0",
    "nda0 at nvme0 bus 0 scbus0 target 0 lun 1",
    "ena0: <Elastic Network Adapter (ENA)> mem 0x80408000-0x8040bfff at device 5.0 on pci0",
    "ena0: link is UP",
  ];
}

function builderLines(builder: BootTimeline["builder"]): ConsoleLine[] {
  if (builder === undefined) return [];
  return [
    ...at(builder.copyingSeconds, ["Copying FreeBSD into memory disk..."]),
    ...at(builder.rerootSeconds, ["Rebooting into memory disk..."]),
    ...at(builder.rerootSeconds + 4, ["Trying to mount root from ufs:/dev/md0p4 []..."]),
    ...at(builder.installingSeconds, ["Installing base FreeBSD image..."]),
  ];
}

// The kernel writes to the console when it likes: its lines stand between those of rc, as on a real machine.
function rcLines({ rcSeconds, sshdSeconds }: BootTimeline): ConsoleLine[] {
  return [
    ...at(rcSeconds, [
      "Setting hostuuid: ec2 instance.",
      "Setting hostid: 0x00000000.",
      "Starting file system checks:",
    ]),
    ...at(rcSeconds + 3, ["Mounting local filesystems:.", "Setting hostname: freebsd."]),
    ...at(rcSeconds + 6, ["Starting Network: lo0 ena0.", "Starting dhclient.", "DHCPACK from 172.31.0.1"]),
    ...at(rcSeconds + 10, ["Fetching EC2 user-data.", "Fetching SSH public key for ec2-user."]),
    ...at(rcSeconds + 12, ["ena0: device is going UP", "Clearing /tmp (X related).", "Updating motd:."]),
    ...at(sshdSeconds - 5, [
      "Generating RSA host key.",
      "Generating ECDSA host key.",
      "Generating ED25519 host key.",
    ]),
    ...at(sshdSeconds, [
      "Performing sanity check on sshd configuration.",
      "Starting sshd.",
      "Starting cron.",
    ]),
  ];
}

/** ec2_loghostkey of cperciva/ec2-scripts: lines of `ssh-keygen -l`, each behind `ec2: `. */
function hostKeyBlock(keys: readonly HostKey[]): string[] {
  const rule = "#".repeat(61);
  const lines = [
    rule,
    "-----BEGIN SSH HOST KEY FINGERPRINTS-----",
    ...keys.map(({ bits, fingerprint, type }) => `${bits} ${fingerprint} root@freebsd (${type})`),
    "-----END SSH HOST KEY FINGERPRINTS-----",
    rule,
  ];
  return lines.map((line) => `ec2: ${line}`);
}

function at(atSeconds: number, texts: readonly string[]): ConsoleLine[] {
  return texts.map((text) => ({ atSeconds, text }));
}
