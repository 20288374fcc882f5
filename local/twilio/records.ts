/** A message that Twilio has accepted. */
export interface MessageRecord {
  readonly kind: "sms";
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly direction: "outbound-api" | "outbound-reply" | "inbound";
  readonly createdAt: Date;
  sentAt: Date | undefined;
  status: string;
  errorCode: number | undefined;
}

/** A call that Twilio has accepted. */
export interface CallRecord {
  readonly kind: "call";
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly createdAt: Date;
  startedAt: Date | undefined;
  endedAt: Date | undefined;
  status: string;
}

/** A message as the REST API shows it: numbers are strings, dates are RFC 2822. */
export function messageJson(accountSid: string, message: MessageRecord): object {
  const { sid, to, from, body, direction, createdAt, sentAt, status, errorCode } = message;
  return {
    account_sid: accountSid,
    api_version: "2010-04-01",
    body,
    date_created: rfc2822(createdAt),
    date_sent: rfc2822(sentAt),
    date_updated: rfc2822(sentAt ?? createdAt),
    direction,
    error_code: errorCode ?? null,
    error_message: null,
    from,
    messaging_service_sid: null,
    num_media: "0",
    num_segments: "1",
    price: null,
    price_unit: "USD",
    sid,
    status,
    subresource_uris: {},
    to,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
  };
}

/** A call as the REST API shows it. */
export function callJson(accountSid: string, call: CallRecord): object {
  const { sid, to, from, createdAt, startedAt, endedAt, status } = call;
  const seconds =
    startedAt === undefined || endedAt === undefined
      ? undefined
      : Math.round((endedAt.getTime() - startedAt.getTime()) / 1000);
  return {
    account_sid: accountSid,
    answered_by: null,
    api_version: "2010-04-01",
    date_created: rfc2822(createdAt),
    date_updated: rfc2822(endedAt ?? startedAt ?? createdAt),
    direction: "outbound-api",
    duration: seconds === undefined ? null : String(seconds),
    end_time: rfc2822(endedAt),
    from,
    price: null,
    price_unit: "USD",
    sid,
    start_time: rfc2822(startedAt),
    status,
    to,
    uri: `/2010-04-01/Accounts/${accountSid}/Calls/${sid}.json`,
  };
}

/** "Sun, 22 Nov 2026 04:00:00 +0000" */
export function rfc2822(at: Date | undefined): string | null {
  return at === undefined ? null : at.toUTCString().replace("GMT", "+0000");
}
