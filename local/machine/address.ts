let last = 0;

/**
 * An address in 127.0.0.0/8 that no other machine of this process has, and hardly one of another process. Only Linux
 * has all of that network on loopback; elsewhere there is one address, and so one machine at a time.
 */
export function nextAddress(): string {
  if (process.platform !== "linux") return "127.0.0.1";
  last += 1;
  const second = 16 + (process.pid % 200);
  const third = (Math.floor(process.pid / 200) + Math.floor(last / 254)) % 256;
  return `127.${second}.${third}.${1 + (last % 254)}`;
}
