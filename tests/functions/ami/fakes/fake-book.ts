import type { Build, Claim } from "../../../../functions/ami/build.ts";
import { BuildAlreadyRunningError } from "../../../../functions/ami/failures.ts";
import type { BuildBook, BuildRecord } from "../../../../functions/ami/ports.ts";

type Held = Omit<Claim, "inspectedInstanceId"> & { readonly executionArn: string | undefined };

/** The book in memory. The same tests hold it and the one in DynamoDB to the same behaviour. */
export function fakeBook(): BuildBook & { readonly holder: (image: string) => string | undefined } {
  const claims = new Map<string, Held>();
  const records = new Map<string, BuildRecord>();
  const find = async (image: string, id: string) => records.get(`${image} ${id}`);
  const write = (build: Build, change: Partial<BuildRecord>) => {
    const { id, image, release, recipeHash } = build;
    const found = { packages: [], inspectedInstanceId: "" };
    const blank = { id, image, release, recipeHash, ...found, images: {}, publishedAt: undefined };
    records.set(`${image} ${id}`, { ...(records.get(`${image} ${id}`) ?? blank), ...change });
  };

  return {
    holder: (image) => claims.get(image)?.executionArn,
    claim: async (build, now, deadlineMinutes) => {
      const inspectedInstanceId = (await find(build.image, build.id))?.inspectedInstanceId ?? "";
      const held = claims.get(build.image);
      const instant = now.toISOString();
      const ours = held?.executionArn === build.executionArn;
      if (
        held?.executionArn !== undefined &&
        held.expiresAt >= instant &&
        !(ours && held.deadlineAt < instant)
      ) {
        if (!ours)
          throw new BuildAlreadyRunningError(`image ${build.image} is being built by ${held.executionArn}`);
        return { ...withoutHolder(held), inspectedInstanceId };
      }
      const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString();
      const taken = {
        executionArn: build.executionArn,
        deadlineAt: later(deadlineMinutes),
        expiresAt: later(deadlineMinutes + 30),
        generation: (held?.generation ?? 0) + 1,
      };
      claims.set(build.image, taken);
      return { ...withoutHolder(taken), inspectedInstanceId };
    },
    release: async (build) => {
      const held = claims.get(build.image);
      if (held?.executionArn === build.executionArn)
        claims.set(build.image, { ...held, executionArn: undefined });
    },
    recordInspection: async (build, inspectedInstanceId, packages) =>
      write(build, { inspectedInstanceId, packages }),
    recordPublished: async (build, images, at) => {
      const before = await find(build.image, build.id);
      write(build, { images, publishedAt: before?.publishedAt ?? at.toISOString() });
    },
    find,
    findPrevious: async (image, id) =>
      [...records.values()]
        .filter((one) => one.image === image && one.id < id && one.publishedAt !== undefined)
        .sort((a, b) => (a.id < b.id ? 1 : -1))[0],
  };
}

function withoutHolder({ deadlineAt, expiresAt, generation }: Held): Omit<Claim, "inspectedInstanceId"> {
  return { deadlineAt, expiresAt, generation };
}
