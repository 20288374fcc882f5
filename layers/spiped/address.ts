import { SpipedOptionsError } from "./failures.ts";

/** Where a pipe listens or leads: TCP, or a UNIX socket by its absolute path. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/**
 * An address as spiped writes it (spiped(1)): "/absolute/unix.socket", "host:port", "[1.2.3.4]:port", "[::1]:port". Anything
 * else is a SpipedOptionsError.
 */
export function readAddress(text: string): Address {
  if (text.startsWith("/")) return { path: text };
  const [, bracketed, bare, digits = ""] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? bare;
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new SpipedOptionsError(
      `"${text}" is no address: expected host:port, [::1]:port or /absolute/unix.socket`,
    );
  }
  return { host, port };
}

/** The same as text, for messages. */
export function writeAddress(address: Address): string {
  if ("path" in address) return address.path;
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
