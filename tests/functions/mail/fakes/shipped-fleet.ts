import { readFileSync } from "node:fs";

/** The fleet.yml that nightshift comes with. */
export const FLEET_TEXT = readFileSync(new URL("../../../../fleet.yml", import.meta.url), "utf8");
