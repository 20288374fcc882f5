/** What a rehearsal found: the JSON document of `nightshift rehearse --json`, and what the summary is made of. */
export interface RehearsalReport {
  readonly status: "SUCCEEDED" | "FAILED" | "ABORTED";
  readonly executionArn: string;
  readonly error?: string;
  readonly cause?: string;
  /** Region → image id. */
  readonly images: Readonly<Record<string, string>>;
  readonly recipeHash: string;
  readonly installed: {
    readonly packages: readonly { readonly name: string; readonly version: string }[];
    readonly services: { readonly on: readonly string[]; readonly off: readonly string[] };
    readonly files: readonly string[];
  };
  /** What is on record of the day that a night billed. Amounts are exact, in dollars. */
  readonly night?: {
    readonly day: string;
    readonly state: string;
    readonly reasons: readonly string[];
    readonly accounts: number;
    readonly revenue: string;
    readonly low: number;
    readonly suspended: number;
    readonly unbilled: readonly string[];
    /** DynamoDB write request units of the accounts' table, per account that was charged. */
    readonly writesPerAccount: number;
  };
  /** Service → operation → count. */
  readonly calls: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly transitions: number;
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  readonly costUsd: number;
  readonly bill: readonly {
    readonly what: string;
    readonly quantity: number;
    readonly unit: string;
    readonly costUsd: number;
  }[];
  /** What it costs a month to keep the snapshots of the images. */
  readonly keeping: { readonly gibMonths: number; readonly costUsd: number };
  /** Faults that were asked for and that no call has met. */
  readonly unstruckFaults: readonly string[];
  /** What still exists besides images, their snapshots, pointers and keys that are meant to stay. */
  readonly leftovers: readonly {
    readonly type: string;
    readonly region: string;
    readonly id: string;
    readonly name: string;
  }[];
  /** Defects found by inspecting the resulting images' disks. */
  readonly imageProblems: readonly string[];
  /** Folder of the file tree, the console log and the mail. */
  readonly artifacts: string;
  readonly mails: readonly { readonly subject: string; readonly to: string; readonly file: string }[];
}
