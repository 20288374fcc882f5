import { BANNER_BYTES, isSshIdentification, judgeSshIdentification } from "../../findings/banner.ts";
import { failed } from "../../findings/finding.ts";
import type { Probe } from "./attempt.ts";
import { openPipe } from "./pipe.ts";
import { TextStream } from "./text-stream.ts";

/** Lines that a server may send before it identifies itself; RFC 4253 knows no bound. */
const LINES_BEFORE = 50;

/** sshd behind a pipe says who it is. It logs a connection that was closed, and nothing else happens. */
export const probeSsh: Probe<"ssh"> = async ({ address, keyParameter }, surroundings, attempt) => {
  const { stream, peer } = await openPipe(address, keyParameter, surroundings, attempt);
  attempt.stage = `connected to ${peer}, waiting for sshd through the pipe`;
  const text = new TextStream(stream, peer, attempt, BANNER_BYTES);
  for (let count = 0; count < LINES_BEFORE; count += 1) {
    const line = await text.readLine();
    if (isSshIdentification(line)) return judgeSshIdentification(line);
  }
  return failed(`${peer} sent ${LINES_BEFORE} lines, and none of them was sshd's`);
};
