import { describe, expect, test } from "@jest/globals";
import { renderSummary } from "../../../cli/view/summary.ts";
import type { RehearsalReport } from "../../../local/rehearsal/report.ts";
import { REPORT } from "../fixtures/report.ts";

test("a rehearsal that went well", () => {
  expect(renderSummary(REPORT)).toBe(`
ami-build was rehearsed without failure: 25 min 10 s simulated in 4.3 s

images        us-east-1  ami-0a1b2c3d4e5f60718
              us-west-2  ami-0f9e8d7c6b5a49382
              recipe 3f2a9c1d77aa00bb; the same fleet.yml gives the same
installed     packages  pkg 2.4.2, djbdns 1.05_25, spiped 1.6.2, FreeBSD-runtime 15.1p2
              on        svscan, spiped
              off       sendmail
              files     /etc/rc.conf, /etc/mail/mailer.conf, /etc/resolv.conf
AWS calls     ec2  14  DescribeInstances x12, RunInstances, CopyImage
              ssm   8  GetParameter x5, PutParameter x3
              and 143 state transitions
list price    EC2 r7i.large, us-east-1             0.3123 instance-hours     $0.0413
              EBS snapshot, us-east-1              1.5 GB-months             $0.0750
              Step Functions                       143 state transitions     $0.0021
              the same run on AWS                                            $0.1184
              and every month, to keep the images  6 GB-months of snapshots  $0.3000
left over     nothing: what remains are the images, their snapshots, pointers and keys
look at       .nightshift/rehearsals/20261122-040000-77  (file tree, console log, mail)
              mail to root@example.org: "Image base: FreeBSD 15.1, built"
                .nightshift/rehearsals/20261122-040000-77/cloud/mail/1.eml
              nightshift show night
`);
});

describe("what went otherwise is told first, or where one looks for it", () => {
  const rows: { why: string; change: Partial<RehearsalReport>; lines: string[] }[] = [
    {
      why: "a failure, by its own code",
      change: { status: "FAILED", error: "TransientError", cause: "InternalError: oh\nmore", images: {} },
      lines: [
        "ami-build failed after 25 min 10 s simulated in 4.3 s",
        "  InternalError: oh",
        "images        none",
      ],
    },
    {
      why: "an interruption",
      change: { status: "ABORTED", error: "InterruptedError", cause: "the run was interrupted" },
      lines: [
        "ami-build was aborted after 25 min 10 s simulated in 4.3 s",
        "  InterruptedError: the run was interrupted",
      ],
    },
    {
      why: "leftovers",
      change: { leftovers: [{ type: "volume", region: "us-west-2", id: "vol-1", name: "builder" }] },
      lines: ["left over     volume  us-west-2  vol-1  builder"],
    },
    {
      why: "a broken image",
      change: { imageProblems: ["file system was mounted"] },
      lines: ["              DEFECT: file system was mounted"],
    },
    {
      why: "a fault that never came up",
      change: { unstruckFaults: ["ec2:DeleteVolume:InternalError"] },
      lines: ["not struck    ec2:DeleteVolume:InternalError: no such call was made"],
    },
    {
      why: "a situation that never came up",
      change: { unstruckFaults: ["host-dark"] },
      lines: ["not struck    host-dark: it never came up"],
    },
    {
      why: "a run that ended before its first call",
      change: { calls: {}, transitions: 0 },
      lines: ["AWS calls     none, and 0 state transitions"],
    },
    { why: "one step", change: { transitions: 1 }, lines: ["              and 1 state transition"] },
    {
      why: "a long subject",
      change: { mails: [{ subject: "x".repeat(100), to: "a@example.org", file: "1.eml" }] },
      lines: [`              mail to a@example.org: "${"x".repeat(68)} ..."`],
    },
    { why: "no mail", change: { mails: [] }, lines: ["              nightshift show night"] },
  ];

  test.each(rows)("$why", ({ change, lines }) => {
    const text = renderSummary({ ...REPORT, ...change }).split("\n");
    for (const line of lines) expect(text).toContain(line);
  });

  test("a run without an image claims nothing to be installed", () => {
    expect(renderSummary({ ...REPORT, status: "FAILED", images: {} })).not.toContain("installed");
  });
});

test("however much there is, it stays on a screen, and the bill still adds up", () => {
  const many = <T>(make: (index: number) => T, count = 50) =>
    Array.from({ length: count }, (_, index) => make(index));
  const bill = many((index) => ({
    what: `item ${index}`,
    quantity: index,
    unit: "hours",
    costUsd: (index + 1) / 100,
  }));
  const services = many((index) => `service${index}`);
  const text = renderSummary({
    ...REPORT,
    images: Object.fromEntries(many((index) => [`region-${index}`, `ami-${index}`], 17)),
    installed: {
      packages: many((index) => ({ name: `package${index}`, version: "1.2.3" })),
      services: { on: services, off: services },
      files: many((index) => `/usr/local/etc/file${index}`),
    },
    calls: {
      ec2: Object.fromEntries(many((index) => [`Describe${index}`, index + 1])),
      ssm: {},
      ses: {},
      sts: {},
      dynamodb: {},
    },
    bill,
    leftovers: many((index) => ({ type: "volume", region: "us-east-1", id: `vol-${index}`, name: "" })),
    imageProblems: many((index) => `defect ${index}`),
    mails: many((index) => ({ subject: `mail ${index}`, to: "a@example.org", file: `${index}.eml` })),
  });
  const lines = text.trim().split("\n");
  expect(lines.length).toBeLessThanOrEqual(46);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(110);
  const shown = [...text.matchAll(/^.*(?:item \d+|smaller items).*\$(\d+\.\d+)$/gm)].map(([, price]) =>
    Number(price),
  );
  expect(shown.reduce((sum, price) => sum + price, 0)).toBeCloseTo(12.75);
  expect(text).toMatch(/^list price +item 49 /m); // what costs most is never among the smaller items
});
