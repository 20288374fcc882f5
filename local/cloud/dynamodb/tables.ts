import { Agent, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import dynalite from "dynalite";

/** An answer of dynalite. */
export interface TableAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** DynamoDB tables of the account: one dynalite per region, in memory, started when it is first asked. */
export class Tables {
  readonly #regions = new Map<string, { readonly server: Server; readonly port: Promise<number> }>();
  readonly #agent = new Agent({ keepAlive: true });

  /** Sends one operation to the region's tables. */
  async call(region: string, operation: string, body: Buffer): Promise<TableAnswer> {
    const port = await this.#port(region);
    return await new Promise((resolve, reject) => {
      const headers = {
        "content-type": "application/x-amz-json-1.0",
        "content-length": body.length,
        "x-amz-target": `DynamoDB_20120810.${operation}`,
        // dynalite wants a signature and a date to be there, and does not look at them.
        "x-amz-date": "20260101T000000Z",
        authorization: `AWS4-HMAC-SHA256 Credential=rehearsal/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
      };
      const sent = httpRequest({ host: "127.0.0.1", port, method: "POST", headers, agent: this.#agent });
      sent.on("error", reject);
      sent.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 500, body: Buffer.concat(chunks) }),
        );
      });
      sent.end(body);
    });
  }

  /** Every item of every table. */
  async items(): Promise<{ region: string; table: string; item: Record<string, unknown> }[]> {
    const found: { region: string; table: string; item: Record<string, unknown> }[] = [];
    for (const region of this.#regions.keys()) {
      for (const table of await this.#all<string>(region, "ListTables", "TableNames", {})) {
        const items = await this.#all<Record<string, unknown>>(region, "Scan", "Items", { TableName: table });
        found.push(...items.map((item) => ({ region, table, item })));
      }
    }
    return found;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    for (const { server, port } of this.#regions.values()) {
      await port;
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
    this.#regions.clear();
  }

  /** All pages of a list operation. */
  async #all<T>(region: string, operation: string, member: string, input: object): Promise<T[]> {
    const found: T[] = [];
    let start: object | undefined = {};
    while (start !== undefined) {
      const { body } = await this.call(
        region,
        operation,
        Buffer.from(JSON.stringify({ ...input, ...start })),
      );
      const page = JSON.parse(body.toString("utf8"));
      found.push(...(page[member] ?? []));
      start = nextStart(page);
    }
    return found;
  }

  #port(region: string): Promise<number> {
    const known = this.#regions.get(region);
    if (known !== undefined) return known.port;
    const server: Server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    const port = new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
    server.unref();
    this.#regions.set(region, { server, port });
    return port;
  }
}

function nextStart(page: { LastEvaluatedKey?: object; LastEvaluatedTableName?: string }): object | undefined {
  if (page.LastEvaluatedKey !== undefined) return { ExclusiveStartKey: page.LastEvaluatedKey };
  if (page.LastEvaluatedTableName === undefined) return undefined;
  return { ExclusiveStartTableName: page.LastEvaluatedTableName };
}
