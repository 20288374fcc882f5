import { writeFileSync } from "node:fs";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Settings } from "#platform";
import { dynamoDbBoard } from "../../functions/monitor/adapters/dynamodb-board.ts";
import { dynamoDbIncidents } from "../../functions/monitor/adapters/dynamodb-incidents.ts";
import type { Board } from "../../functions/monitor/board.ts";
import type { Incident, TimelineEvent } from "../../functions/monitor/incident.ts";
import { bucketName, FREEBSD_NOWHERE } from "../rehearsal/environment.ts";
import { type RehearsalStage, STAGE } from "../rehearsal/stage.ts";

/** What is on record in the watch region, for whoever looks on. Reads with the functions' own adapters. */
export interface WatchRecords {
  board(): Promise<Board>;
  /** Oldest first. */
  incidents(): Promise<(Incident & { readonly timeline: readonly TimelineEvent[] })[]>;
  /** Writes the status page as it stands to a file. */
  savePage(file: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens the records of a stage. The engine's door must be open: they go through it, as functions do. */
export function openRecords({ fleet, cloud }: RehearsalStage): WatchRecords {
  const settings: Settings = {
    ...{ stage: STAGE, region: fleet.regions.watch, functionName: "onlooker", fleetFile: "", sshPort: 22 },
    ...{ bucket: bucketName(STAGE, cloud.accountId, "watch"), twilioUrl: "" },
    ...FREEBSD_NOWHERE,
  };
  const board = dynamoDbBoard(settings);
  const book = dynamoDbIncidents(settings);
  const s3 = new S3Client({ region: settings.region });
  return {
    board: board.read,
    incidents: async () => {
      const incidents = await book.newest(100);
      const withNotes = incidents.toReversed().map(async (incident) => ({
        ...incident,
        timeline: await book.notes(incident.number),
      }));
      return Promise.all(withNotes);
    },
    savePage: async (file) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: settings.bucket, Key: "index.html" }));
      writeFileSync(file, (await Body?.transformToString()) ?? "");
      return file;
    },
    close: async () => s3.destroy(),
  };
}
