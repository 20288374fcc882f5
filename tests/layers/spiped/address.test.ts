import { expect, it } from "@jest/globals";
import { readAddress, SpipedOptionsError, writeAddress } from "#spiped";

it.each([
  { text: "/run/spiped.sock", address: { path: "/run/spiped.sock" } },
  { text: "system.example.com:8022", address: { host: "system.example.com", port: 8022 } },
  { text: "127.0.0.1:1", address: { host: "127.0.0.1", port: 1 } },
  { text: "[127.0.0.1]:8025", address: { host: "127.0.0.1", port: 8025 }, written: "127.0.0.1:8025" },
  { text: "[2001:db8::1]:65535", address: { host: "2001:db8::1", port: 65_535 } },
])("$text", ({ text, address, written }) => {
  expect(readAddress(text)).toEqual(address);
  expect(writeAddress(address)).toBe(written ?? text);
});

it.each([
  { text: "", why: "nothing" },
  { text: "host", why: "no port" },
  { text: "host:", why: "an empty one" },
  { text: ":8022", why: "no host" },
  { text: "host:0", why: "no port that one can connect to" },
  { text: "host:65536", why: "beyond what there is" },
  { text: "host:8022x", why: "no number" },
  { text: "2001:db8::1:8022", why: "which colon is the port's?" },
  { text: "[::1]", why: "brackets without a port" },
  { text: "relative/unix.sock", why: "a path that depends on where one stands" },
])("$why is refused", ({ text }) => {
  expect(() => readAddress(text)).toThrow(SpipedOptionsError);
});
