import { type ImageSpec, type Pipe, splitAddress } from "#fleet";
import { PIPES_PROCESSES } from "./pipes-processes.ts";
import { PIPES_VERBS } from "./pipes-verbs.ts";
import { GENERATED } from "./recipe-part.ts";
import { quote } from "./shell-text.ts";
import { pipeFlags, pipeKeyPath, rcAddress } from "./spiped-pipes.ts";

/**
 * The program that changes the key of a pipe on a host, a step at a time: `status`, `add`, `promote` and `drop` for a
 * pipe that lets in (decrypt), `point` for one that leads out (encrypt). It runs as root for whoever has the key of
 * fleet.tunnels, and takes its verb from SSH_ORIGINAL_COMMAND (sshd(8), command=) and a key from standard input, so it
 * believes neither. What each verb leaves behind after a death at any line: functions/ami/recipe/DESIGN.md, "pipes".
 * What it prints: functions/tunnels/host-report.ts.
 */
export function pipesCommand({ pipes }: ImageSpec): string {
  const described = Object.entries(pipes).flatMap(([name, pipe]) => [
    `  ${name})`,
    ...description(name, pipe),
  ]);
  return [
    "#!/bin/sh",
    GENERATED,
    "set -eu",
    "umask 077",
    "# Unset on FreeBSD. A rehearsal puts the host's file tree into a folder.",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own expansion
    "root=${NIGHTSHIFT_ROOT-}",
    PIPES_PROCESSES,
    PIPES_VERBS.trimEnd(),
    "",
    "# describe PIPE: what the image was built with.",
    "describe() {",
    "  case $1 in",
    ...described,
    `  *) fail 65 "this host's image has no such pipe" ;;`,
    "  esac",
    "}",
    "",
    'main "$@"',
    "",
  ].join("\n");
}

function description(name: string, pipe: Pipe): string[] {
  const { port } = splitAddress(pipe.mode === "decrypt" ? pipe.source : pipe.target);
  const words = {
    pipe: name,
    mode: pipe.mode,
    option: pipe.mode === "decrypt" ? "-d" : "-e",
    source: rcAddress(pipe.source),
    target: rcAddress(pipe.target),
    flags: pipeFlags(pipe),
    port: String(port),
    first_key: pipeKeyPath(name),
  };
  const assignments = Object.entries(words).map(
    ([key, value]) => `${key}=${value === "" ? "''" : quote(value)}`,
  );
  return [`    ${assignments.join(" ")}`, "    ;;"];
}
