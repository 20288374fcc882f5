import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import dynalite from "dynalite";

/** An answer of DynamoDB, to be passed on as it is. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** DynamoDB of the rehearsed account: one dynalite per region, in memory, started when first asked. */
export class DynamoDb {
  readonly #regions = new Map<string, { server: Server; port: Promise<number> }>();

  async call(region: string, operation: string, body: Buffer): Promise<RawAnswer> {
    const answer = await fetch(`http://127.0.0.1:${await this.#port(region)}`, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `DynamoDB_20120810.${operation}`,
        // dynalite checks that these are there, and nothing about them.
        "x-amz-date": "20261122T000000Z",
        authorization: `AWS4-HMAC-SHA256 Credential=x/20261122/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: new Uint8Array(body),
    });
    const contentType = answer.headers.get("content-type") ?? "application/x-amz-json-1.0";
    return { status: answer.status, contentType, body: Buffer.from(await answer.arrayBuffer()) };
  }

  /** Every item of every table. */
  async items(): Promise<{ region: string; table: string; item: Record<string, unknown> }[]> {
    const found: { region: string; table: string; item: Record<string, unknown> }[] = [];
    for (const region of this.#regions.keys()) {
      const { TableNames = [] } = await this.#json<{ TableNames?: string[] }>(region, "ListTables", {});
      for (const TableName of TableNames) {
        const { Items = [] } = await this.#json<{ Items?: Record<string, unknown>[] }>(region, "Scan", {
          TableName,
        });
        found.push(...Items.map((item) => ({ region, table: TableName, item })));
      }
    }
    return found;
  }

  async close(): Promise<void> {
    for (const { server, port } of this.#regions.values()) {
      await port;
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }

  async #json<T>(region: string, operation: string, input: object): Promise<T> {
    const { body } = await this.call(region, operation, Buffer.from(JSON.stringify(input)));
    return JSON.parse(body.toString());
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
