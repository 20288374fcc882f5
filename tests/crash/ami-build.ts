import { join } from "node:path";
import type { Process } from "./crash-harness.ts";

/** The image build of the shipped fleet. */
export const AMI_BUILD: Process = {
  machine: "ami-build",
  input: { image: "base", time: "2026-11-22T04:00:00.000Z" },
  fleetFile: join(import.meta.dirname, "../../fleet.yml"),
};
