/** An error of the REST API: `{"code", "message", "more_info", "status"}`. */
export class RestError extends Error {
  override readonly name = "RestError";
  readonly status: number;
  readonly code: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: number, message?: string, retryAfterSeconds?: number) {
    const [status, known] = KNOWN[code] ?? [400, "Bad request"];
    super(message ?? known);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Twilio, "Error and warning dictionary": the status of HTTP that comes with a code, and what it says. */
const KNOWN: Readonly<Record<number, readonly [status: number, message: string]>> = {
  20001: [400, "Invalid parameter"],
  20003: [401, "Authenticate"],
  20404: [404, "The requested resource was not found"],
  20429: [429, "Too Many Requests"],
  20500: [500, "An internal server error has occurred"],
  21201: [400, "No 'To' number is specified"],
  21205: [400, "Invalid TwiML URL"],
  21210: [400, "The source phone number provided is not yet verified for your account"],
  21211: [400, "The 'To' number is not a valid phone number"],
  21213: [400, "'From' phone number is required"],
  21215: [
    400,
    "Account not authorized to call that number. Perhaps you need to enable some international permissions",
  ],
  21219: [400, "The number is unverified. Trial accounts may only make calls to verified numbers"],
  21408: [400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"],
  21602: [400, "Message body is required"],
  21603: [400, "A 'From' phone number is required"],
  21604: [400, "A 'To' phone number is required"],
  21606: [400, "The 'From' phone number is not a valid, SMS-capable inbound phone number for your account"],
  21608: [400, "The number is unverified. Trial accounts cannot send messages to unverified numbers"],
  21609: [400, "Invalid 'StatusCallback' URL"],
  21610: [400, "Attempt to send to unsubscribed recipient"],
  21614: [400, "'To' number is not a valid mobile number"],
  21617: [400, "The concatenated message body exceeds the 1600 character limit"],
  21626: [400, "Invalid StatusCallbackEvent"],
};

/** The body that Twilio answers with. */
export function errorJson({ code, message, status }: RestError): object {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}
