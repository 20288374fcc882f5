import { paginateGetParametersByPath, SSMClient } from "@aws-sdk/client-ssm";
import { clientSettings, type Settings } from "#platform";
import { ServerUnreachableError } from "../failures.ts";
import type { PublishedImages } from "../ports.ts";

/**
 * FreeBSD's images by the public parameters of the function's own region:
 * `/aws/service/freebsd/ARCH/builder/FILESYSTEM/15.1/RELEASE` (release announcements). Other branches than RELEASE are
 * snapshots. `releases` throws ServerUnreachableError when SSM does not say.
 */
export function ssmPublishedImages(settings: Settings): PublishedImages {
  const client = new SSMClient(clientSettings(settings));
  return {
    releases: async (arch, filesystem) => {
      const Path = `/aws/service/freebsd/${arch}/builder/${filesystem}`;
      const found: string[] = [];
      try {
        for await (const page of paginateGetParametersByPath({ client }, { Path, Recursive: true }))
          for (const { Name = "" } of page.Parameters ?? []) {
            const [, release] = /^\/(\d{1,3}\.\d{1,3})\/RELEASE$/.exec(Name.slice(Path.length)) ?? [];
            if (release !== undefined) found.push(release);
          }
      } catch (cause) {
        const why = cause instanceof Error ? cause.name : "unknown";
        throw new ServerUnreachableError(`SSM did not say of which releases there are images: ${why}`, {
          cause,
        });
      }
      return found;
    },
  };
}
