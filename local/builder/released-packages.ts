import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MachineSpec } from "./contract.ts";

/** Parts of the base system that are packages on 15.x, those that matter here; a full system has some 250. */
export const BASE_PACKAGES = [
  "FreeBSD-clibs",
  "FreeBSD-dma",
  "FreeBSD-kernel-generic",
  "FreeBSD-openssl",
  "FreeBSD-pam",
  "FreeBSD-rc",
  "FreeBSD-runtime",
  "FreeBSD-set-minimal",
  "FreeBSD-ssh",
  "FreeBSD-utilities",
  "FreeBSD-zstd",
];

/** Ports that come with FreeBSD's images (release/tools/ec2-base.conf, ec2-builder.conf). */
const PORTS = {
  base: ["ebsnvme-id 1.0", "ec2-scripts 1.12", "firstboot-pkgs 1.7", "isc-dhcp44-client 4.4.3P1_2"],
  builder: ["ebsnvme-id 1.0", "ec2-scripts 1.12", "isc-dhcp44-client 4.4.3P1_2", "py311-awscli 1.42.30"],
} as const;

/** The pkg that comes with images on which it is installed at all. */
const PKG = "pkg 2.4.2";

/**
 * Registers what an image comes with. A package is a file of var/db/pkg, named for it, of lines `version VERSION`,
 * `depends NAME` and `file PATH`: what of pkg's database the stand-in of pkg(8) keeps.
 */
export async function registerPackages(
  root: string,
  { release }: MachineSpec["image"],
  flavour: "base" | "builder",
): Promise<void> {
  const database = join(root, "var/db/pkg");
  await mkdir(database, { recursive: true });
  const [major = 0, minor = 0] = release.split(".").map(Number);
  const base = major >= 15 ? BASE_PACKAGES.map((name) => `${name} ${release}`) : [];
  // pkg itself is on the images of 15.1 and later, and on builders, since packages were installed there.
  const hasPkg = flavour === "builder" || major > 15 || (major === 15 && minor >= 1);
  const packages = [...base, ...PORTS[flavour], ...(hasPkg ? [PKG] : [])].map((line) => line.split(" "));
  await Promise.all(
    packages.map(([name = "", version = ""]) => writeFile(join(database, name), `version ${version}\n`)),
  );
}
