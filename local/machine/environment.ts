import { join } from "node:path";
import { fileURLToPath } from "node:url";

const STAND_INS = join(fileURLToPath(new URL(".", import.meta.url)), "stand-ins");

/**
 * The environment of commands on a rehearsed machine: the stand-ins come before the real system's programs.
 * @param state folder of what the stand-ins remember: mounts, owners
 * @param root what the scripts take for `/`
 */
export function machineEnvironment(state: string, root: string): NodeJS.ProcessEnv {
  return {
    PATH: `${STAND_INS}:/usr/local/bin:/usr/bin:/bin`,
    USER: "ec2-user",
    LC_ALL: "C",
    NIGHTSHIFT_ROOT: root,
    STAND_INS,
    STAND_IN_STATE: state,
  };
}
