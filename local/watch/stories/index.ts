import type { Story } from "../story.ts";
import { flappingLink } from "./flapping-link.ts";
import { hostGoesDark } from "./host-goes-dark.ts";

/** What can be rehearsed besides machines: nights of the monitor. */
export const STORIES: readonly Story[] = [hostGoesDark, flappingLink];
