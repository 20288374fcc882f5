import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What of a release decides how its base system looks. */
export interface Release {
  readonly release: string;
  readonly arch: "amd64" | "arm64";
  readonly filesystem: "ufs" | "zfs";
}

/** Folders of a fresh base system that matter to what is done on /mnt. */
const FOLDERS = [
  "boot/efi",
  "dev",
  "etc/cron.d",
  "etc/mail",
  "etc/pkg",
  "etc/rc.d",
  "etc/ssh",
  "home",
  "root",
  "tmp",
  "usr/local/etc/rc.d",
  "usr/share/keys",
  "var/cache/pkg",
  "var/cron/tabs",
  "var/db/pkg",
  "var/log",
  "var/run",
  "var/tmp",
];

/** Lays out the disk of a released base image, in the parts that a recipe touches or an inspection looks at. */
export function layOutDisk(folder: string, release: Release): void {
  for (const one of FOLDERS) mkdirSync(join(folder, one), { recursive: true });
  for (const [path, content] of Object.entries(filesOf(release))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

function filesOf(release: Release): Record<string, string> {
  const isPkgBase = Number.parseInt(release.release, 10) >= 15;
  return {
    firstboot: "",
    "etc/rc.conf": `${[
      'ec2_configinit_enable="YES"',
      'ec2_fetchkey_enable="YES"',
      'ec2_loghostkey_enable="YES"',
      'firstboot_pkgs_enable="YES"',
      'sshd_enable="YES"',
      ...(release.filesystem === "zfs" ? ['zfs_enable="YES"'] : []),
    ].join("\n")}\n`,
    "etc/defaults/rc.conf": 'sendmail_enable="NONE"\nsyslogd_flags="-s"\nsshd_flags=""\n',
    "etc/fstab": "/dev/gpt/rootfs / ufs rw 1 1\n/dev/gpt/efiesp /boot/efi msdosfs rw 2 2\n",
    "etc/crontab": "SHELL=/bin/sh\nPATH=/etc:/bin:/sbin:/usr/bin:/usr/sbin\n1 3 * * * root periodic daily\n",
    "etc/passwd":
      "root:*:0:0:Charlie &:/root:/bin/sh\nnobody:*:65534:65534:Unprivileged user:/nonexistent:/usr/sbin/nologin\n",
    "etc/group": "wheel:*:0:root\nnobody:*:65534:\n",
    "etc/ssh/sshd_config": "UsePAM yes\nSubsystem sftp /usr/libexec/sftp-server\n",
    "etc/mail/mailer.conf":
      "sendmail /usr/libexec/dma\nmailq /usr/libexec/dma\nnewaliases /usr/libexec/dma\n",
    "etc/pkg/FreeBSD.conf": isPkgBase ? PKGBASE_REPOSITORIES : CLASSIC_REPOSITORIES,
    "etc/freebsd-version": `${release.release}-RELEASE\n`,
    "var/db/pkg/installed": isPkgBase
      ? BASE_PACKAGES.map((name) => `${name} ${release.release}`)
          .join("\n")
          .concat("\npkg 2.4.2\n")
      : "",
  };
}

const BASE_PACKAGES = [
  "FreeBSD-kernel-generic",
  "FreeBSD-rc",
  "FreeBSD-runtime",
  "FreeBSD-ssh",
  "FreeBSD-utilities",
];

const PKGBASE_REPOSITORIES = `FreeBSD-ports: { url: "pkg+https://pkg.FreeBSD.org/\${ABI}/quarterly", enabled: yes }
FreeBSD-ports-kmods: { url: "pkg+https://pkg.FreeBSD.org/\${ABI}/kmods_quarterly_\${VERSION_MINOR}", enabled: yes }
FreeBSD-base: { url: "pkg+https://pkg.FreeBSD.org/\${ABI}/base_release_\${VERSION_MINOR}", enabled: no }
`;

const CLASSIC_REPOSITORIES = `FreeBSD: { url: "pkg+https://pkg.FreeBSD.org/\${ABI}/quarterly", enabled: yes }
FreeBSD-kmods: { url: "pkg+https://pkg.FreeBSD.org/\${ABI}/kmods_quarterly_\${VERSION_MINOR}", enabled: yes }
`;
