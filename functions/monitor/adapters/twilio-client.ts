import { PhoneBusyError, PhoneRefusedError, PhoneUnreachableError } from "../telling/failures.ts";
import type { TwilioCredentials } from "../telling/ports.ts";
import { adviceOn, verdictOn } from "../telling/twilio-error.ts";

/** Errors of a connection that never came about (errno(3), getaddrinfo(3); undici's own timeout): nothing was sent. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ENOTFOUND",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** What Twilio answered, whatever its status. */
export interface TwilioAnswer {
  readonly status: number;
  /** The JSON of the body; undefined if it is none. */
  readonly json: unknown;
  /** As the header Retry-After says, in seconds. */
  readonly retryAfterSeconds: number | undefined;
}

/** How Twilio is reached. */
export interface TwilioClient {
  /**
   * Asks Twilio once.
   * @param path below `/2010-04-01/Accounts/{AccountSid}`, or as `next_page_uri` gives it
   * @param form fields to post; without it, a GET
   * @throws PhoneUnreachableError when no connection came about; AnswerLostError when one did
   */
  ask(credentials: TwilioCredentials, path: string, form?: URLSearchParams): Promise<TwilioAnswer>;
}

/** Twilio was connected to, and gave no whole answer in time. For this adapter's own use. */
export class AnswerLostError extends Error {
  override readonly name = "AnswerLostError";
}

/** Twilio's REST API (Twilio, "Twilio's request to your application", "REST API best practices") through fetch. */
export function twilioClient(baseUrl: string, patience: () => AbortSignal): TwilioClient {
  return {
    ask: async ({ accountSid, authTokens: [token] }, path, form) => {
      const place = path.startsWith("/2010-04-01/") ? path : `/2010-04-01/Accounts/${accountSid}${path}`;
      try {
        const response = await fetch(new URL(place, baseUrl), {
          method: form === undefined ? "GET" : "POST",
          headers: {
            authorization: `Basic ${Buffer.from(`${accountSid}:${token}`).toString("base64")}`,
            accept: "application/json",
          },
          ...(form === undefined ? {} : { body: form }),
          redirect: "manual", // a second POST would be a second message
          signal: patience(),
        });
        return {
          status: response.status,
          json: parseJson(await response.text()),
          retryAfterSeconds: secondsIn(response.headers.get("retry-after")),
        };
      } catch (error) {
        throw meaningOf(error);
      }
    },
  };
}

/** A GET of Twilio's JSON. @throws PhoneRefusedError, PhoneBusyError, PhoneUnreachableError */
export async function look(
  client: TwilioClient,
  credentials: TwilioCredentials,
  path: string,
): Promise<unknown> {
  const answer = await client.ask(credentials, path).catch((error: Error) => {
    throw new PhoneUnreachableError(error.message, { cause: error });
  });
  if (answer.status === 200 && answer.json !== undefined) return answer.json;
  throw (
    refusalIn(answer) ??
    new PhoneUnreachableError(`Twilio answered a question by ${answer.status}, and with nothing to read`)
  );
}

/** By what error Twilio said that it did not do what was asked. Absent: it did not say so. */
export function refusalIn({ status, json, retryAfterSeconds }: TwilioAnswer): Error | undefined {
  const { code, message } = errorIn(json);
  const verdict = verdictOn(status, code);
  if (status < 300 || verdict === "in doubt") return undefined;
  const sentence = [`Twilio: ${code ?? status}`, message, adviceOn(code)].filter(Boolean).join(" - ");
  return verdict === "temporary"
    ? new PhoneBusyError(sentence, retryAfterSeconds)
    : new PhoneRefusedError(sentence, code);
}

/** `{"code": 21211, "message": "…", "more_info": "…", "status": 400}` */
function errorIn(json: unknown): { readonly code: number | undefined; readonly message: string } {
  const { code, message } = (json ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === "number" ? code : undefined,
    message: typeof message === "string" ? message : "",
  };
}

/** fetch() throws a TypeError whose cause is what happened below, or the signal's own reason, which has none. */
function meaningOf(error: unknown): Error {
  const { cause } = error as { readonly cause?: unknown };
  const { name = "", code, message = "" } = (cause ?? error) as Partial<NodeJS.ErrnoException>;
  const what = `${typeof code === "string" ? code : name}: ${message}`;
  return NEVER_CONNECTED.has(String(code))
    ? new PhoneUnreachableError(`no connection to Twilio: ${what}`, { cause: error })
    : new AnswerLostError(`no whole answer of Twilio's: ${what}`, { cause: error });
}

function secondsIn(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
