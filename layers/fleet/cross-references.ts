import type { ImageSpec } from "./image.ts";
import { refuseInstanceType } from "./instance-types.ts";
import { isLoopback, leadsToSshd, splitAddress } from "./pipes.ts";

/** Where a rule reports to: zod's refinement context, of which only this is needed. */
interface Context {
  addIssue(issue: { code: "custom"; path: (string | number)[]; message: string }): void;
}

type Report = (path: (string | number)[], message: string) => void;

/** The rules that look at more than one section of an image. */
export function crossCheckImage(image: ImageSpec, context: Context): void {
  const report: Report = (path, message) => context.addIssue({ code: "custom", path, message });
  checkInstanceType(image, report);
  checkServices(image, report);
  checkNeeds(image, report);
  checkPipes(image, report);
  checkMailRelay(image, report);
  checkRepository(image, report);
  checkNoDuplicates("packages", image.packages, report);
  checkNoDuplicates("copyTo", image.copyTo, report);
  checkNoDuplicates(
    "files",
    image.files.map(({ path }) => path),
    report,
  );
}

function checkInstanceType(image: ImageSpec, report: Report): void {
  const refusal = refuseInstanceType(image.instanceType, image.arch, image.rootVolumeGib);
  if (refusal !== undefined) report(["instanceType"], refusal);
}

function checkServices({ services, rcConf }: ImageSpec, report: Report): void {
  services.off.forEach((name, index) => {
    if (services.on.includes(name)) report(["services", "off", index], `${name} is listed under on as well`);
  });
  for (const key of Object.keys(rcConf)) {
    const name = key.replace(/_enable$/, "");
    if (name !== key && [...services.on, ...services.off].includes(name)) {
      report(["rcConf", key], `services says already whether ${name} is enabled`);
    }
  }
}

/** What a section needs so that it does anything: without it the image would build, and stay silent or deaf. */
function checkNeeds(image: ImageSpec, report: Report): void {
  const needs: [string, boolean, string[], string[]][] = [
    ["dnsCache", image.dnsCache !== undefined, ["djbdns"], ["svscan"]],
    ["mailRelay", image.mailRelay !== undefined, ["qmail"], ["qmailsend"]],
    ["pipes", Object.keys(image.pipes).length > 0, ["spiped"], ["spiped"]],
  ];
  for (const [section, present, packages, services] of needs) {
    if (!present) continue;
    for (const name of packages.filter((name) => !image.packages.includes(name))) {
      report([section], `needs the package ${name}: add it to packages`);
    }
    for (const name of services.filter((name) => !image.services.on.includes(name))) {
      report([section], `needs the service ${name}: add it to services.on`);
    }
  }
}

function checkPipes(image: ImageSpec, report: Report): void {
  const pipes = Object.entries(image.pipes);
  for (const [index, [name, pipe]] of pipes.entries()) {
    const twin = pipes.slice(0, index).find(([, other]) => overlap(other.source, pipe.source));
    if (twin !== undefined)
      report(["pipes", name, "source"], `pipe ${twin[0]} listens at ${twin[1].source} already`);
  }
  if (!pipes.some(([, pipe]) => leadsToSshd(pipe))) {
    report(
      ["pipes"],
      "no pipe leads to SSH, and port 22 is closed: add a decrypt pipe with the target 127.0.0.1:22",
    );
  }
  if (!/-o *ListenAddress=127\.0\.0\.1\b/.test(image.rcConf.sshd_flags ?? "")) {
    const advice = 'sshd_flags: "-4 -o ListenAddress=127.0.0.1"';
    report(["rcConf"], `port 22 would be open beside its pipe: add ${advice}`);
  }
}

/** Two sockets collide when the ports are equal and the addresses are, or one of them stands for all. */
function overlap(one: string, other: string): boolean {
  const [a, b] = [splitAddress(one), splitAddress(other)];
  return a.port === b.port && (a.host === b.host || a.host === "0.0.0.0" || b.host === "0.0.0.0");
}

function checkMailRelay({ mailRelay, pipes, services }: ImageSpec, report: Report): void {
  if (mailRelay === undefined) return;
  if (!services.off.includes("sendmail"))
    report(["mailRelay"], "qmail replaces sendmail: add sendmail to services.off");
  const pipe = pipes[mailRelay.pipe];
  if (pipe === undefined) {
    const names = Object.keys(pipes).join(", ") || "none";
    report(["mailRelay", "pipe"], `no such pipe; there are: ${names}`);
  } else if (pipe.mode !== "encrypt") {
    report(["mailRelay", "pipe"], `mail must leave by an encrypt pipe, ${mailRelay.pipe} is a decrypt pipe`);
  }
}

/** A repository on loopback is the near end of a pipe, so that pipe must be there. */
function checkRepository({ packageRepository, pipes }: ImageSpec, report: Report): void {
  if (packageRepository === undefined) return;
  const host = /^https?:\/\/([^/:]+)(?::(\d+))?/.exec(packageRepository.url);
  if (host?.[1] === undefined || !isLoopback(host[1])) return;
  const source = `${host[1]}:${host[2] ?? "80"}`;
  if (!Object.values(pipes).some((pipe) => pipe.mode === "encrypt" && pipe.source === source)) {
    report(["packageRepository", "url"], `no encrypt pipe listens at ${source}`);
  }
}

function checkNoDuplicates(section: string, values: readonly string[], report: Report): void {
  values.forEach((value, index) => {
    if (values.indexOf(value) < index) report([section, index], `${value} is listed twice`);
  });
}
