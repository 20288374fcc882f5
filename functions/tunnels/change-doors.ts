import { DoorNotOpenError } from "./failures.ts";
import { fingerprintOf, shortFingerprint } from "./fingerprint.ts";
import type { Door, HostReport } from "./host-report.ts";
import type { ClientEnd, ServerEnd } from "./pipe-ends.ts";
import type { Hosts } from "./ports.ts";

/*
 * The steps of a rotation on one host. Each is safe to repeat, asks the host to do it, does not believe its word, and looks from
 * outside. What a host failed with says how it was missed.
 */

/** The new key lets in at the second port, beside the old one at the first. @throws DoorNotOpenError */
export async function openSecondDoor(end: ServerEnd, key: Buffer, hosts: Hosts): Promise<void> {
  const verb = { verb: "add", port: end.secondPort, key } as const;
  const report = await hosts.ask(end.host, end.pipe, verb, "first");
  requireDoor(report, "second", key);
  requireRunning(report, "first");
  if (end.secondAddress !== undefined) await hosts.shakeHands(end.secondAddress, key);
}

/** The new key lets in at the first port too. Done through the second, since the first is closed for a moment. */
export async function switchFirstDoor(end: ServerEnd, key: Buffer, hosts: Hosts): Promise<void> {
  const report = await hosts.ask(end.host, end.pipe, { verb: "promote" }, "second");
  requireDoor(report, "first", key);
  if (end.firstAddress !== undefined) await hosts.shakeHands(end.firstAddress, key);
}

/** Nothing listens at the second port any more. Done through the first. */
export async function closeSecondDoor(end: ServerEnd, hosts: Hosts): Promise<void> {
  const report = await hosts.ask(end.host, end.pipe, { verb: "drop" }, "first");
  requireRunning(report, "first");
  if (report.second.isRunning || report.second.fingerprint !== undefined)
    throw new DoorNotOpenError(`${end.host} says that its second door is still there`);
}

/** A client leads to one of the server's two ports, with a key. */
export async function pointClient(
  end: ClientEnd,
  to: "first" | "second",
  key: Buffer,
  hosts: Hosts,
): Promise<void> {
  const port = to === "first" ? end.firstPort : end.secondPort;
  requireDoor(await hosts.ask(end.host, end.pipe, { verb: "point", port, key }, "first"), to, key);
}

function requireDoor(report: HostReport, name: keyof HostReport, key: Buffer): void {
  requireRunning(report, name);
  const wanted = fingerprintOf(key);
  if (report[name].fingerprint !== wanted)
    throw new DoorNotOpenError(
      `its ${name} door has the key ${shown(report[name])}, not ${shortFingerprint(wanted)}`,
    );
}

function requireRunning(report: HostReport, name: keyof HostReport): void {
  if (!report[name].isRunning) throw new DoorNotOpenError(`the spiped of its ${name} door does not run`);
}

function shown({ fingerprint }: Door): string {
  return fingerprint === undefined ? "of nobody" : shortFingerprint(fingerprint);
}
