import { z } from "#platform";

/*
 * Kinds of text that appear in several sections. Each says in its message what it expects; what was found is added
 * where the problem is written down (problems.ts).
 */

/** An AWS region: `us-east-1`. */
export const Region = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "expected an AWS region such as us-east-1")
  .meta({ description: "AWS region, for example us-east-1" });

/** A bare mail address, RFC 5322 addr-spec without comments or quoting. */
export const MailAddress = z
  .string()
  .regex(/^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, "expected a mail address")
  .meta({ description: "Mail address, for example root@example.org" });

/** A fully qualified host name, RFC 1123. */
export const DomainName = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/,
    "expected a domain name",
  )
  .meta({ description: "Domain name, for example example.org" });

/** An IPv4 address. */
export const Ipv4Address = z
  .string()
  .regex(/^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$/, "expected an IPv4 address")
  .meta({ description: "IPv4 address" });

/**
 * `host:port`, host being a name or an IPv4 address. The brackets that spiped wants around a literal address
 * (spiped(1), -s) are added by the recipe, so that nobody has to remember them.
 */
export const SocketAddress = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?:\d{1,5}$/, {
    error: "expected host:port, for example mail.example.org:8025; a host is a name or an IPv4 address",
    abort: true,
  })
  .refine((text) => isPort(Number(text.split(":")[1])), "expected a port between 1 and 65535")
  .meta({ description: "host:port, for example 127.0.0.1:8025" });

/** An address of a package repository. `${ABI}` stands for the architecture (pkg.conf(5)). */
export const RepositoryUrl = z
  .string()
  .regex(/^https?:\/\/[^\s"\\]+$/, "expected an address that begins with http:// or https://")
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is pkg's own variable
  .meta({ description: "http:// or https:// address; ${ABI} stands for FreeBSD's version and architecture" });

/** A name that rc(8) can make shell variables of. */
export const ShellName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected letters, digits and underscores");

/** One line of printable text. */
export const Line = z
  .string()
  .min(1, "expected some text")
  .regex(/^[^\p{Cc}]*$/u, "expected one line without control characters");

/** The value of a setting in rc.conf. sysrc(8) puts it in double quotes, where `$` and the like have a meaning. */
export const RcValue = z
  .string()
  .regex(/^[^"$`\\\p{Cc}]*$/u, 'expected one line without ", $, ` or \\')
  .meta({ description: 'Text as it stands between the quotes in rc.conf, for example "YES"' });

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}
