import type { Fleet, ImageSpec } from "#fleet";
import { pipesCommand } from "./pipes-command.ts";
import { GENERATED, type RecipeFile, type RecipePart, rootFile } from "./recipe-part.ts";
import { updatesCommand } from "./updates-command.ts";

/** Where root's keys are (sshd_config(5), AuthorizedKeysFile). */
export const AUTHORIZED_KEYS = "/root/.ssh/authorized_keys";
const COMMANDS = "/usr/local/libexec/nightshift";

/** What makes sshd let root in, by key, for the command that the key is bound to and nothing else (sshd_config(5)). */
export const FORCED_COMMANDS_ONLY = "-o PermitRootLogin=forced-commands-only";

/**
 * The errands that nightshift's functions do on hosts: for each a program, and a key of root's that runs that program,
 * whatever else is asked for (sshd(8), command= and restrict). No terminal, no forwarding, no other command.
 */
export function hostAccess(image: ImageSpec, { updates, tunnels }: Fleet): RecipePart {
  const errands = [
    ...(updates === undefined ? [] : [errand("updates", updates.publicKey, updatesCommand(image))]),
    ...(tunnels === undefined ? [] : [errand("pipes", tunnels.publicKey, pipesCommand(image))]),
  ];
  if (errands.length === 0) return {};
  const keys = [GENERATED, ...errands.map(({ line }) => line)].join("\n");
  return {
    folders: [{ path: "/root/.ssh", mode: "0700", owner: "root:wheel" }],
    files: [...errands.map(({ program }) => program), rootFile(AUTHORIZED_KEYS, keys, "0600")],
    checks: errands.map(({ program }) => ({
      name: `errand ${program.path} parses`,
      shell: `parses ${program.path}`,
    })),
  };
}

function errand(name: string, publicKey: string, script: string): { program: RecipeFile; line: string } {
  const path = `${COMMANDS}/${name}`;
  return {
    program: rootFile(path, script, "0700"),
    line: `restrict,command="${path}" ${publicKey} nightshift-${name}`,
  };
}
