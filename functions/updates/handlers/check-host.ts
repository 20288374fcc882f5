import { findHost, readFleet } from "#fleet";
import { InvalidInputError, lambda, z } from "#platform";
import { dynamoDbCheckBook } from "../adapters/dynamodb-check-book.ts";
import { sshHosts } from "../adapters/ssh-hosts.ts";
import { checkHost } from "../check-host.ts";

/** Asks one host for its updates, and records what it says. Answers little: a thousand answers are in one state. */
export const handler = lambda({
  input: z.object({ check: z.iso.datetime(), previous: z.string().nullable(), host: z.string() }),
  services: (settings) => {
    const fleet = readFleet(settings.fleetFile);
    if (fleet.updates === undefined) throw new InvalidInputError("the fleet has no section updates");
    const ports = { book: dynamoDbCheckBook(settings), hosts: sshHosts(settings, fleet.updates) };
    return { find: (name: string) => findHost(fleet, name), ports };
  },
  run: async (request, { find, ports }) => {
    const { outcome } = await checkHost(request, find, ports);
    return outcome.kind;
  },
});
