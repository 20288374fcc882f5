declare module "dynalite" {
  import type { Server } from "node:http";

  /** Options in milliseconds; without `path` everything is kept in memory. */
  export default function dynalite(options: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    path?: string;
  }): Server;
}
