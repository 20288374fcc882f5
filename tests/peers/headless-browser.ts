import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** Why no page can be looked at here; undefined when one can. */
export function whyNoBrowser(): string | undefined {
  const { error, status } = spawnSync("chromium", ["--version"], { timeout: 30_000 });
  if (error === undefined && status === 0) return undefined;
  return "Chromium is not installed: nobody looks at the status page";
}

type Answer = Record<string, unknown>;

/** An event of the Chrome DevTools Protocol: "Network.requestWillBeSent" and what it says. */
export interface BrowserEvent {
  readonly method: string;
  readonly params: Answer;
}

/** One tab. */
export interface Tab {
  /** Calls a method of the protocol (chromedevtools.github.io/devtools-protocol). */
  call(method: string, params?: object): Promise<Answer>;
  /** The value of an expression in the page. The page's policy does not hold for it. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Opens an address, and waits until all of it is there. */
  open(url: string): Promise<void>;
  /** What happened in the tab since it was asked last. */
  events(): BrowserEvent[];
}

export interface Browser {
  tab(): Promise<Tab>;
  stop(): Promise<void>;
}

/** Headless Chromium with an empty profile, led over a pipe: no port is opened for it. */
export function startBrowser(): Browser {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-chromium-"));
  const child = spawn(
    "chromium",
    [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      ...["--hide-scrollbars", "--remote-debugging-pipe", `--user-data-dir=${folder}`],
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"], env: { ...process.env, HOME: folder } },
  );
  const line = new Line(child);
  return {
    tab: async () => {
      const { targetId } = await line.call(undefined, "Target.createTarget", { url: "about:blank" });
      const attached = await line.call(undefined, "Target.attachToTarget", { targetId, flatten: true });
      return openTab(line, String(attached.sessionId));
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await line.call(undefined, "Browser.close").catch(() => child.kill());
      await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function openTab(line: Line, session: string): Promise<Tab> {
  const call = (method: string, params = {}) => line.call(session, method, params);
  let unread = 0;
  for (const domain of ["Page", "Network", "Log", "Runtime", "Audits"]) await call(`${domain}.enable`);
  return {
    call,
    evaluate: async <Value>(expression: string) => {
      const { result, exceptionDetails } = (await call("Runtime.evaluate", {
        expression,
        returnByValue: true,
      })) as { result: { value: Value }; exceptionDetails?: { exception?: { description?: string } } };
      if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description);
      return result.value;
    },
    open: async (url) => {
      const loaded = line.until(session, "Page.loadEventFired");
      await call("Page.navigate", { url });
      await loaded;
    },
    events: () => {
      const all = line.eventsOf(session);
      const fresh = all.slice(unread);
      unread = all.length;
      return fresh;
    },
  };
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Answer;
  readonly result?: Answer;
  readonly error?: { readonly message: string };
}

/** The pipe: JSON messages, each ended by a NUL; descriptor 3 to the browser, 4 from it. */
class Line {
  readonly #toBrowser: Writable;
  readonly #waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  readonly #events: (BrowserEvent & { readonly session: string | undefined })[] = [];
  readonly #listeners: ((session: string | undefined, method: string) => void)[] = [];
  #calls = 0;
  #rest = "";

  constructor(child: ChildProcess) {
    this.#toBrowser = child.stdio[3] as Writable;
    const fromBrowser = child.stdio[4] as Readable;
    fromBrowser.setEncoding("utf8").on("data", (text: string) => this.#take(text));
    this.#toBrowser.on("error", () => undefined); // the end of the browser is told by its exit
    child.once("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("Chromium has ended"));
      this.#waiting.clear();
    });
  }

  call(sessionId: string | undefined, method: string, params: object = {}): Promise<Answer> {
    this.#calls += 1;
    const id = this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#toBrowser.write(`${JSON.stringify({ id, sessionId, method, params })}\0`);
    });
  }

  until(session: string, method: string): Promise<void> {
    return new Promise((resolve) => {
      this.#listeners.push((of, what) => of === session && what === method && resolve());
    });
  }

  eventsOf(session: string): BrowserEvent[] {
    return this.#events.filter((event) => event.session === session);
  }

  #take(text: string): void {
    const messages = `${this.#rest}${text}`.split("\0");
    this.#rest = messages.pop() ?? "";
    for (const one of messages) this.#hear(JSON.parse(one) as Message);
  }

  #hear({ id, sessionId, method, params = {}, result = {}, error }: Message): void {
    if (method !== undefined) {
      this.#events.push({ session: sessionId, method, params });
      for (const listener of this.#listeners) listener(sessionId, method);
      return;
    }
    const waiting = this.#waiting.get(id ?? 0);
    this.#waiting.delete(id ?? 0);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}
