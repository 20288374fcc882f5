import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const STAND_INS = fileURLToPath(new URL("stand-ins", import.meta.url));

/** Where POSIX systems keep the utilities of the shell; NixOS has its own place. */
const UTILITIES = ["/usr/bin", "/bin", "/run/current-system/sw/bin"];

/**
 * The environment of commands on a machine. FreeBSD's own programs come first, then the real system's; nothing of
 * the environment of this process gets in.
 * @param machine folder of what the stand-ins remember: mounts, owners
 * @param root what scripts take for `/`
 */
export function machineEnvironment(machine: string, root: string): NodeJS.ProcessEnv {
  return {
    PATH: [STAND_INS, ...UTILITIES.filter((folder) => existsSync(folder))].join(":"),
    HOME: join(root, "home/ec2-user"),
    USER: "ec2-user",
    LOGNAME: "ec2-user",
    SHELL: "/bin/sh",
    LC_ALL: "C",
    NIGHTSHIFT_STAND_INS: STAND_INS,
    NIGHTSHIFT_ROOT: root,
    NIGHTSHIFT_MACHINE: machine,
  };
}
