import { type Fleet, type ImageSpec, splitAddress } from "#fleet";
import { GENERATED, type RecipePart, rootFile } from "./recipe-part.ts";

const QMAIL = "/var/qmail";

/** Names under which programs call the mailer, and what answers (mailer.conf(5)). Nothing is left to dma(8). */
const MAILERS: readonly [string, string][] = [
  ["sendmail", `${QMAIL}/bin/sendmail`],
  ["send-mail", `${QMAIL}/bin/sendmail`],
  ["mailq", `${QMAIL}/bin/qmail-qread`],
  ["newaliases", "/usr/bin/true"],
  ["hoststat", "/usr/bin/true"],
  ["purgestat", "/usr/bin/true"],
];

/** What periodic(8) would ask of sendmail, which is not there (FreeBSD Handbook, "Disable Sendmail"). */
const PERIODIC = [
  "daily_clean_hoststat_enable",
  "daily_status_mail_rejects_enable",
  "daily_status_include_submit_mailq",
  "daily_submit_queuerun",
];

/** Mail names that must reach a person on every host (RFC 2142, qmail's INSTALL.alias). */
const ALIASES = ["root", "postmaster", "mailer-daemon"];

/** Outgoing mail: qmail is the mailer, and hands everything to the mail server through a pipe. */
export function mailer({ mailRelay, pipes }: ImageSpec, { owner }: Fleet): RecipePart {
  const source = pipes[mailRelay?.pipe ?? ""]?.source;
  if (mailRelay === undefined || source === undefined) return {};
  const { host, port } = splitAddress(source);
  return {
    files: [
      rootFile(
        "/etc/mail/mailer.conf",
        [GENERATED, ...MAILERS.map(([name, path]) => `${name}\t${path}`)].join("\n"),
      ),
      rootFile("/etc/periodic.conf", [GENERATED, ...PERIODIC.map((key) => `${key}="NO"`)].join("\n")),
      // No domain before the colon: all mail that is not for this host (qmail-remote(8), smtproutes).
      rootFile(`${QMAIL}/control/smtproutes`, `:${host}:${port}`),
      rootFile(`${QMAIL}/control/defaultdomain`, mailRelay.domain),
      rootFile(`${QMAIL}/control/plusdomain`, mailRelay.domain),
      // First boot adds the host's own name, which belongs into control/me as well.
      rootFile(`${QMAIL}/control/locals`, "localhost"),
      ...ALIASES.map((name) => rootFile(`${QMAIL}/alias/.qmail-${name}`, `&${owner.mail}`)),
    ],
    checks: [
      { name: "mailer is not dma", shell: "not_mentioned dma /etc/mail/mailer.conf" },
      // mailwrapper(8) looks there first.
      { name: "no second mailer.conf", shell: "absent /usr/local/etc/mail/mailer.conf" },
      { name: "mailer is there", shell: `runs ${QMAIL}/bin/sendmail` },
      { name: "host name is not baked in", shell: `absent ${QMAIL}/control/me` },
    ],
  };
}
