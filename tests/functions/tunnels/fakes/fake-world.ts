import { PipeRefusedError } from "#hosts";
import {
  HostRefusedError,
  RotationRunningError,
  RotationTakenOverError,
} from "../../../../functions/tunnels/failures.ts";
import { fingerprintOf } from "../../../../functions/tunnels/fingerprint.ts";
import type {
  Hosts,
  HostVerb,
  KeyPlace,
  KeyStore,
  RotationBook,
} from "../../../../functions/tunnels/ports.ts";
import type { RotationRecord } from "../../../../functions/tunnels/rotation.ts";

/** Whoever runs dies here: before or after a call that it makes. */
export class Died extends Error {}

/** One pipe of a host: the key of each port at which it lets in, or where and with which key it leads out. */
export interface FakePipe {
  readonly mode: "decrypt" | "encrypt";
  firstKey: Buffer | undefined;
  secondKey: Buffer | undefined;
  /** Only of encrypt: whether it leads to the second port. */
  isSecond: boolean;
}

/** Parameter Store, the book and the hosts in memory, with a number on each call, at which it all may end. */
export class FakeWorld {
  readonly keys = new Map<string, Buffer>();
  readonly records = new Map<string, RotationRecord>();
  readonly pipes = new Map<string, FakePipe>();
  readonly down = new Set<string>();
  /** The call, from 1, before (x) or after (x + 0.5) which whoever runs dies. 0: never. */
  dieAt = 0;
  calls = 0;
  /** What must hold after each call. */
  watch: () => void = () => undefined;

  readonly store: KeyStore = {
    read: (place, name) => this.#call(() => this.keys.get(`${place} ${name}`)),
    create: (place, name, key) =>
      this.#call(() => {
        if (this.keys.has(`${place} ${name}`)) return false;
        this.keys.set(`${place} ${name}`, key);
        return true;
      }),
    replace: (place, name, key) => this.#call(() => void this.keys.set(`${place} ${name}`, key)),
    remove: (place, name) => this.#call(() => void this.keys.delete(`${place} ${name}`)),
  };

  readonly book: RotationBook = {
    find: (pipe) => this.#call(() => this.records.get(pipe)),
    claim: ({ pipe, executionArn }, former, at) =>
      this.#call(() => {
        const record = this.records.get(pipe);
        if (record?.executionArn === executionArn) return;
        if ((record?.executionArn ?? "") !== former) throw new RotationRunningError("somebody was faster");
        const fresh = {
          from: "",
          to: "",
          rotatedAt: record?.rotatedAt ?? "",
          rotatedBy: record?.rotatedBy ?? "",
          startedAt: at.toISOString(),
        };
        const isUnderWay = record !== undefined && record.phase !== "";
        this.records.set(pipe, {
          phase: "opening",
          ...(isUnderWay ? record : fresh),
          executionArn,
        } as RotationRecord);
      }),
    recordKeys: (rotation, from, to) => this.#call(() => this.#change(rotation, { from, to })),
    recordSwitching: (rotation) => this.#call(() => this.#change(rotation, { phase: "switching" })),
    finish: (rotation, outcome, at) =>
      this.#call(() => {
        if (this.records.get(rotation.pipe)?.executionArn === "") return;
        const over = { executionArn: "", phase: "", from: "", to: "", startedAt: "" } as const;
        this.#change(rotation, {
          ...over,
          ...(outcome === "rotated" ? { rotatedAt: at.toISOString(), rotatedBy: rotation.executionArn } : {}),
        });
      }),
  };

  readonly hosts: Hosts = {
    ask: (host, pipe, verb) =>
      this.#call(() => {
        if (this.down.has(host)) throw new PipeRefusedError(`${host} is down`);
        const found = this.pipes.get(`${host} ${pipe}`);
        if (found === undefined) throw new HostRefusedError("no such pipe");
        change(found, verb);
        return {
          first: door(found.mode === "decrypt" || !found.isSecond ? found.firstKey : undefined),
          second: door(found.mode === "decrypt" || found.isSecond ? found.secondKey : undefined),
        };
      }),
    shakeHands: (address, key) =>
      this.#call(() => {
        const [host = "", port] = address.split(":");
        const pipe = this.pipes.get(`${host.split(".")[0]} SSH`);
        const its = Number(port) > 9000 ? pipe?.secondKey : pipe?.firstKey;
        if (this.down.has(host) || its?.equals(key) !== true)
          throw new PipeRefusedError(`${address} refuses`);
      }),
  };

  /** The keys that anybody may read: at home or in the watch region. */
  keysOf(pipe: string, place: KeyPlace): Buffer[] {
    return [pipe, `${pipe}.next`].flatMap((name) => this.keys.get(`${place} ${name}`) ?? []);
  }

  #change(
    { pipe, executionArn }: { pipe: string; executionArn: string },
    change: Partial<RotationRecord>,
  ): void {
    const record = this.records.get(pipe);
    if (record?.executionArn !== executionArn) throw new RotationTakenOverError("not ours");
    this.records.set(pipe, { ...record, ...change });
  }

  async #call<Answer>(work: () => Answer): Promise<Answer> {
    this.calls += 1;
    if (this.dieAt === this.calls) throw new Died();
    const answer = work();
    this.watch();
    if (this.dieAt === this.calls + 0.5) throw new Died();
    return answer;
  }
}

function door(key: Buffer | undefined) {
  return { fingerprint: key === undefined ? undefined : fingerprintOf(key), isRunning: key !== undefined };
}

/** As the program on the host does it (functions/ami/recipe/pipes-verbs.ts). */
function change(pipe: FakePipe, verb: HostVerb): void {
  switch (verb.verb) {
    case "add":
      pipe.secondKey = verb.key;
      break;
    case "promote":
      if (pipe.secondKey === undefined) throw new HostRefusedError("there is no second door");
      pipe.firstKey = pipe.secondKey;
      break;
    case "drop":
      pipe.secondKey = undefined;
      break;
    case "point":
      pipe.isSecond = verb.port > 9000;
      if (pipe.isSecond) pipe.secondKey = verb.key;
      else Object.assign(pipe, { firstKey: verb.key, secondKey: undefined });
      break;
    default:
  }
}
