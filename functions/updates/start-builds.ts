import type { ImageBuilds } from "./ports.ts";

/** Starts a build of each image. The name of its execution follows from check and image, so each is started once. */
export async function startBuilds(
  check: string,
  images: readonly string[],
  builds: ImageBuilds,
): Promise<{ started: string[] }> {
  const started = images.map((image) => ({ image, execution: executionName(check, image) }));
  for (const { image, execution } of started) await builds.start(image, execution, check);
  return { started: started.map(({ execution }) => execution) };
}

/** "base-updates-20261127T060000Z" */
function executionName(check: string, image: string): string {
  return `${image}-updates-${check.replaceAll(/[-:]|\.\d+/g, "")}`;
}
