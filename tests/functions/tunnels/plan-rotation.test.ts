import { describe, expect, test } from "@jest/globals";
import { keyParametersOf, planRotation } from "../../../functions/tunnels/plan-rotation.ts";
import { BOTH_ENDS, fleetWith } from "./fakes/fleets.ts";

const SSH = "/nightshift/pipes/SSH";
const MAIL = "/nightshift/pipes/MAIL";
const server = (host: string) => ({
  host,
  pipe: "SSH",
  firstPort: 8022,
  secondPort: 9022,
  firstAddress: `${host}.example.org:8022`,
  secondAddress: `${host}.example.org:9022`,
  isWayIn: true,
});

/** Host mail is of an image that lets mail in; the others send theirs to it. */
const withMailServer = (source: string) =>
  fleetWith((fleet) => {
    const { mailRelay: _none, ...image } = structuredClone(fleet.images.base);
    image.pipes.MAIL = { mode: "decrypt", source, target: "127.0.0.1:25", keyParameter: MAIL };
    fleet.images.relay = image;
    fleet.hosts.mail.image = "relay";
  });

describe("what a rotation is about", () => {
  test.each(["SSH", SSH])("%s of the shipped fleet: every host lets in, nobody leads out", (name) => {
    expect(planRotation(fleetWith(), name)).toEqual({
      pipe: SSH,
      servers: ["www", "mail", "pkg"].map(server),
      clients: [],
    });
  });

  test("a pipe that is no way in is seen at its own port of the host", () => {
    const { servers, clients } = planRotation(withMailServer("0.0.0.0:8025"), "MAIL");
    expect(servers).toEqual([
      {
        ...{ host: "mail", pipe: "MAIL", firstPort: 8025, secondPort: 9025, isWayIn: false },
        ...{ firstAddress: "mail.example.org:8025", secondAddress: "mail.example.org:9025" },
      },
    ]);
    expect(clients).toEqual(
      ["www", "pkg"].map((host) => ({ host, pipe: "MAIL", firstPort: 8025, secondPort: 9025 })),
    );
  });

  test("one host may let in and another lead out with the same key, under another name", () => {
    const { servers, clients } = planRotation(BOTH_ENDS, "SSH");
    expect(servers.map(({ host }) => host)).toEqual(["www", "mail"]);
    expect(clients).toEqual([{ host: "pkg", pipe: "TO_WWW", firstPort: 8022, secondPort: 9022 }]);
  });

  test("the keys of pipes and of checks, each once", () => {
    expect(keyParametersOf(fleetWith())).toEqual([MAIL, "/nightshift/pipes/PKG", SSH]);
  });
});

describe("what is refused, and what to do instead", () => {
  // biome-ignore lint/suspicious/noExplicitAny: the file's own shape
  test.each<[string, string, (fleet: any) => void, string]>([
    ["no section tunnels", "SSH", (fleet) => delete fleet.tunnels, "nightshift keys new --ssh tunnels"],
    ["no such key", "SHS", () => undefined, 'no key "SHS"; there are: MAIL, PKG, SSH. Did you mean "SSH"?'],
    ["the server is no host of the fleet", "MAIL", () => undefined, "By hand: start a second spiped there"],
    [
      "a check connects to another server with it",
      "SSH",
      (fleet) => delete fleet.hosts.pkg,
      "check pkg-ssh leads to pkg.example.org:8022 with this key",
    ],
    [
      "an offset beyond the last port",
      "SSH",
      (fleet) => {
        fleet.images.base.pipes.SSH.source = "0.0.0.0:50022";
        for (const host of Object.values<{ address: string }>(fleet.hosts))
          host.address = host.address.replace(":8022", ":50022");
        for (const check of Object.values<{ address?: string }>(fleet.monitor.checks))
          if (check.address !== undefined) check.address = check.address.replace(":8022", ":50022");
        fleet.tunnels.secondPortOffset = 20_000;
      },
      "would be 70022, and there is no such port",
    ],
    [
      "a host that is seen at a high port, which something forwards",
      "SSH",
      (fleet) => {
        const at = (address: string) => address.replace("www.example.org:8022", "www.example.org:65000");
        fleet.hosts.www.address = at(fleet.hosts.www.address);
        for (const check of Object.values<{ address?: string }>(fleet.monitor.checks))
          if (check.address !== undefined) check.address = at(check.address);
      },
      "would be 66000, and there is no such port",
    ],
    [
      "the second port is another pipe's",
      "SSH",
      (fleet) => (fleet.tunnels.secondPortOffset = 3),
      "another pipe listens there",
    ],
    [
      "a pipe has the second one's name",
      "SSH",
      (fleet) =>
        (fleet.images.base.pipes.SSH_next = { ...fleet.images.base.pipes.PKG, source: "127.0.0.1:1" }),
      "has a pipe SSH_next",
    ],
  ])("%s", (_why, name, change, says) => {
    expect(() => planRotation(fleetWith(change), name)).toThrow(
      expect.objectContaining({ name: "RotationRefusedError", message: expect.stringContaining(says) }),
    );
  });

  test("a pipe that only its own host sees is not looked at from outside", () => {
    const fleet = withMailServer("127.0.0.1:8025");
    expect(() => planRotation(fleet, "MAIL")).toThrow("no host of the fleet lets in there");
  });
});
