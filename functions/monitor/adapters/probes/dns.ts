import dns from "node:dns";
import type { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { type CheckOf, splitAddress } from "#fleet";
import { judgeAnswers, judgeNoAnswer } from "../../findings/dns-finding.ts";
import type { NetworkError } from "../../findings/network-reason.ts";
import type { Attempt, Probe } from "./attempt.ts";
import { openResolver, resolveHost } from "./connect.ts";

type RecordType = CheckOf<"dns">["type"];

/** A name resolves: at the given name server, or at those of the machine. */
export const probeDns: Probe<"dns"> = async ({ name, type, server, expect }, _surroundings, attempt) => {
  const servers = server === undefined ? dns.getServers() : [await serverAddress(server, attempt)];
  const asked = server === undefined ? "the name server" : (servers[0] ?? server);
  const question = { name, type, server: asked };
  attempt.stage = `asking ${asked} for ${name} ${type}`;
  try {
    const answers = await lookUp(openResolver(attempt, servers), name, type);
    return judgeAnswers(question, answers, expect);
  } catch (error) {
    return judgeNoAnswer(question, error as NetworkError);
  }
};

async function serverAddress(server: string, attempt: Attempt): Promise<string> {
  const { host, port } = splitAddress(server);
  const ip = await resolveHost(host, attempt);
  return isIP(ip) === 6 ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** The answers as text: an MX as "10 mail.example.org", a TXT with its strings put together (RFC 7208, 3.3). */
async function lookUp(resolver: Resolver, name: string, type: RecordType): Promise<string[]> {
  switch (type) {
    case "A":
      return resolver.resolve4(name);
    case "AAAA":
      return resolver.resolve6(name);
    case "CNAME":
      return resolver.resolveCname(name);
    case "NS":
      return resolver.resolveNs(name);
    case "TXT":
      return (await resolver.resolveTxt(name)).map((strings) => strings.join(""));
    case "MX":
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`);
  }
}
