import { quoted } from "#hosts";
import { NoSuchReleaseError, ServerAnswerError, ServerUnreachableError } from "../failures.ts";

/** How much of a server's answer is read, and how long one waits for all of it. */
export interface DownloadLimits {
  readonly limitBytes: number;
  readonly timeoutSeconds: number;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 3;

/**
 * A file of FreeBSD's servers, whole. Redirects are followed on the same server only: a name that answers for another is
 * not what was asked.
 * @throws NoSuchReleaseError for 404; ServerUnreachableError when it is worth another try; ServerAnswerError
 */
export async function download(url: string, limits: DownloadLimits): Promise<Buffer> {
  const signal = AbortSignal.timeout(limits.timeoutSeconds * 1000);
  try {
    return await follow(new URL(url), signal, limits.limitBytes);
  } catch (error) {
    throw meaningOf(error, url, limits);
  }
}

async function follow(first: URL, signal: AbortSignal, limitBytes: number): Promise<Buffer> {
  let url = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const response = await fetch(url, {
      redirect: "manual",
      headers: { "accept-encoding": "identity", "user-agent": "nightshift-updates" },
      signal,
    });
    if (REDIRECTS.has(response.status)) {
      await response.body?.cancel();
      url = nextUrl(url, response.headers.get("location"));
    } else if (response.status === 200) return readBody(response, url, limitBytes);
    else {
      await response.body?.cancel();
      throw refusal(url, response.status);
    }
  }
  throw new ServerAnswerError(`${first.host} sends from one address to the next without an end`);
}

function nextUrl(from: URL, location: string | null): URL {
  if (location === null || !URL.canParse(location, from.href))
    throw new ServerAnswerError(`${from.host} redirects without saying where`);
  const next = new URL(location, from.href);
  const isSafer = from.protocol === "http:" && next.protocol === "https:";
  const isSame = next.protocol === from.protocol && next.port === from.port;
  if (next.hostname !== from.hostname || !(isSame || (isSafer && next.port === "")))
    throw new ServerAnswerError(`${from.host} redirects to another server, ${quoted(next.host)}`);
  return next;
}

function refusal(url: URL, status: number): Error {
  if (status === 404) return new NoSuchReleaseError(`${url.host} has no ${url.pathname}`);
  const sentence = `${url.host} answered ${status} for ${url.pathname}`;
  return status >= 500 || status === 429
    ? new ServerUnreachableError(sentence)
    : new ServerAnswerError(sentence);
}

async function readBody(response: Response, url: URL, limitBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > limitBytes)
      throw new ServerAnswerError(`${url.host} sent more than ${limitBytes / 1024} KiB for ${url.pathname}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** fetch() throws a TypeError whose cause is what happened below, or the signal's own reason. */
function meaningOf(error: unknown, url: string, { timeoutSeconds }: DownloadLimits): Error {
  if (error instanceof NoSuchReleaseError || error instanceof ServerAnswerError) return error;
  if (error instanceof ServerUnreachableError) return error;
  const { host } = new URL(url);
  const { cause, name } = error as Error;
  if (name === "TimeoutError")
    return new ServerUnreachableError(`${host} gave no whole answer within ${timeoutSeconds} s`, {
      cause: error,
    });
  const { code, message = "" } = (cause ?? error) as Partial<NodeJS.ErrnoException>;
  const what = code === undefined ? quoted(message) : `${code}`;
  return new ServerUnreachableError(`no whole answer of ${host}: ${what}`, { cause: error });
}
