import { rmSync } from "node:fs";
import { afterAll, describe, expect, test } from "@jest/globals";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";
import { fakeParameters } from "../fixtures/fake-watch.ts";

const root = temporaryProject();
afterAll(() => rmSync(root, { recursive: true }));

const KEY = Buffer.alloc(32, 7).toString("base64");
const P = "/nightshift/pipes";
const BOTH: Record<string, string> = { [`${P}/SSH`]: KEY };

describe("nightshift ssh", () => {
  type Ran = { program: string; argv: readonly string[] };
  const ssh = async (line: string, parameters = BOTH, ...[status]: (number | undefined)[]) => {
    const ran: Ran[] = [];
    const runProgram = async (program: string, argv: readonly string[]) => {
      ran.push({ program, argv });
      return status;
    };
    const loadParameters = async () => fakeParameters(parameters);
    return { ...(await nightshift(fakeDeps(root, { loadParameters, runProgram }), ...line.split(" "))), ran };
  };

  test("ssh with the pipe as its proxy and the pinned key alone; its status is ours", async () => {
    const { ran, status, err } = await ssh("ssh www -- uname -a", BOTH, 7);
    expect([status, err]).toEqual([7, ""]);
    const [{ program, argv }] = ran as [Ran];
    expect(program).toBe("ssh");
    expect(argv.slice(-6)).toEqual(["-l", "ec2-user", "--", "www", "uname", "-a"]);
    const settings = argv.filter((_, index) => argv[index - 1] === "-o");
    expect(settings).toContain("StrictHostKeyChecking=yes");
    expect(settings).toContain("GlobalKnownHostsFile=/dev/null");
    expect(settings).toContain("HostKeyAlias=www");
    expect(settings[0]).toMatch(
      /^ProxyCommand='.*node.*' '.*cli\/nightshift\.js' 'spipe' '-t' 'www\.example\.org:8022' '--parameter' '\/nightshift\/pipes\/SSH' '--region' 'us-east-1'$/,
    );
    expect(argv.join(" ")).not.toContain(KEY.slice(0, 12));
  });

  test.each([
    ["ssh wwww", BOTH, 0, 'no host "wwww" in the fleet; there are: www, mail, pkg. Did you mean "www"?'],
    ["ssh www", {}, 0, `there is no SSM parameter ${P}/SSH in us-east-1`],
    ["ssh www", { [`${P}/SSH`]: "hunter2" }, 0, "does not hold a pipe's key"],
    ["ssh www", { ...BOTH, [`${P}/SSH.next`]: "hunter2" }, 0, `${P}/SSH.next does not hold a pipe's key`],
    ["ssh www", BOTH, undefined, "there is no ssh on this machine"],
  ])("%s: %s is said", async (line, parameters, status, says) => {
    const found = await ssh(line, parameters as Record<string, string>, status);
    expect(found.err).toContain(says);
    expect(found.err).not.toContain("hunter2");
    expect([found.out, found.status]).toEqual(["", 1]);
  });

  test("another user, another region", async () => {
    const { ran } = await ssh("ssh mail -l root --region eu-west-1", BOTH, 0);
    expect(ran[0]?.argv.join(" ")).toMatch(/'--region' 'eu-west-1'.* -l root -- mail$/);
  });
});
