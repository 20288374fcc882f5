import { BuilderUnreachableError } from "../../../../functions/ami/failures.ts";
import type { BuilderAddress, BuilderShell, ShellResult } from "../../../../functions/ami/ports.ts";

/** A shell whose builder answers each script with `answer`; `visits` is what it was given. */
export function fakeShell(
  answer: Partial<ShellResult> | "unreachable",
): BuilderShell & { readonly visits: { address: BuilderAddress; script: string; timeoutSeconds: number }[] } {
  const visits: { address: BuilderAddress; script: string; timeoutSeconds: number }[] = [];
  return {
    visits,
    run: async (address, script, timeoutSeconds) => {
      visits.push({ address, script, timeoutSeconds });
      if (answer === "unreachable") throw new BuilderUnreachableError(`SSH to ${address.host}: refused`);
      return { exitStatus: 0, stdout: "", stderr: "", ...answer };
    },
  };
}
