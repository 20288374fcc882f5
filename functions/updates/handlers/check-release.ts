import { lambda, z } from "#platform";
import { dynamoDbCheckBook } from "../adapters/dynamodb-check-book.ts";
import { freebsdServers } from "../adapters/freebsd-servers.ts";
import { ssmPublishedImages } from "../adapters/ssm-published-images.ts";
import { checkRelease } from "../check-release.ts";

/** Asks FreeBSD's servers about one release, and records what they say. */
export const handler = lambda({
  input: z.object({
    check: z.iso.datetime(),
    previous: z.string().nullable(),
    release: z.object({ release: z.string(), arch: z.enum(["amd64", "arm64"]), filesystem: z.string() }),
    isLastTry: z.boolean(),
  }),
  services: (settings) => ({
    book: dynamoDbCheckBook(settings),
    images: ssmPublishedImages(settings),
    servers: freebsdServers({
      updateUrl: settings.freebsdUpdateUrl,
      packagesUrl: settings.freebsdPackagesUrl,
      keyPrint: settings.freebsdKeyPrint,
      cataloguePrints: settings.freebsdCataloguePrints,
    }),
  }),
  run: async (request, ports) => {
    await checkRelease(request, ports);
  },
});
