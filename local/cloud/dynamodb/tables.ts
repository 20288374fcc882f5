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
  readonly #keyNames = new Map<string, readonly string[]>();
  readonly #agent = new Agent({ keepAlive: true });

  /** Sends one operation to the region's tables. */
  async call(region: string, operation: string, body: Buffer): Promise<TableAnswer> {
    if (operation === "DeleteTable") this.#keyNames.clear();
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

  /** The item's own key, or the key of an item; empty when there is no such table. */
  async keyOf(
    region: string,
    table: string,
    item: Readonly<Record<string, unknown>>,
  ): Promise<Record<string, unknown>> {
    const names = await this.#keyNamesOf(region, table);
    return Object.fromEntries(names.map((name) => [name, item[name]]));
  }

  /** The item that stands under a key, or under the key of this item. */
  async item(
    region: string,
    table: string,
    item: Readonly<Record<string, unknown>>,
  ): Promise<Record<string, unknown> | undefined> {
    const Key = await this.keyOf(region, table, item);
    const input = { TableName: table, Key, ConsistentRead: true };
    const { body } = await this.call(region, "GetItem", Buffer.from(JSON.stringify(input)));
    return JSON.parse(body.toString("utf8")).Item;
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

  /** Names of a table's key attributes. A table that is made anew may have others, so only what is there is kept. */
  async #keyNamesOf(region: string, table: string): Promise<readonly string[]> {
    const name = `${region}/${table}`;
    const known = this.#keyNames.get(name);
    if (known !== undefined) return known;
    const { status, body } = await this.call(
      region,
      "DescribeTable",
      Buffer.from(JSON.stringify({ TableName: table })),
    );
    if (status !== 200) return [];
    const schema: { AttributeName: string }[] = JSON.parse(body.toString("utf8")).Table.KeySchema;
    const names = schema.map(({ AttributeName }) => AttributeName);
    this.#keyNames.set(name, names);
    return names;
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
