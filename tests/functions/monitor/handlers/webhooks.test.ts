import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { useClock, useLogOutput } from "#platform";
import { dynamoDbBudget } from "../../../../functions/monitor/adapters/dynamodb-budget.ts";
import { dynamoDbOutbox } from "../../../../functions/monitor/adapters/dynamodb-outbox.ts";
import {
  ssmMonitorUrls,
  ssmTwilioAccount,
} from "../../../../functions/monitor/adapters/ssm-twilio-account.ts";
import { twilioPhone } from "../../../../functions/monitor/adapters/twilio-phone.ts";
import { handler as receiveDelivery } from "../../../../functions/monitor/handlers/receive-delivery.ts";
import { handler as receiveKeypress } from "../../../../functions/monitor/handlers/receive-keypress.ts";
import { handler as receiveSms } from "../../../../functions/monitor/handlers/receive-sms.ts";
import { tellOnce } from "../../../../functions/monitor/telling/tell-once.ts";
import { SILENCE } from "../../../../functions/monitor/telling/twiml.ts";
import { startTwilio } from "../../../../local/twilio/twilio.ts";
import { type MonitorStage, openMonitorStage } from "../adapters/monitor-stage.ts";
import { signedRequest } from "../telling/fakes/signed-request.ts";
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  asLambdaSees,
  COLIN,
  OUR_NUMBER,
  START,
  URLS,
} from "../telling/fakes/telling-scene.ts";

/*
 * The functions as they are wired: parameters, table, fleet. What they do is tested on their use cases. The shipped
 * fleet has no contacts, and the incidents are not here yet.
 */

let open: MonitorStage;
const undo: (() => void)[] = [];
beforeEach(async () => {
  open = await openMonitorStage();
  await open.putParameter("/nightshift/rehearsal/twilio/account-sid", ACCOUNT_SID);
  await open.putParameter("/nightshift/rehearsal/twilio/auth-token", AUTH_TOKEN);
  for (const name of ["sms", "keypress", "delivery"] as const)
    await open.putParameter(`/nightshift/rehearsal/monitor/${name}-url`, URLS[name]);
  undo.push(
    useClock(open.stage.clock),
    useLogOutput(() => undefined),
  );
});
afterEach(async () => {
  for (const one of undo.splice(0)) one();
  await open.close();
});

const KEY = "12/1/colin/sms";
const REQUESTS = {
  sms: signedRequest("sms", "", { From: COLIN.phone, To: OUR_NUMBER, Body: "ACK", MessageSid: "SM1" }),
  keypress: signedRequest("keypress", `key=${KEY}`, { To: COLIN.phone, CallSid: "CA1", Digits: "1" }),
  delivery: signedRequest("delivery", `key=${KEY}`, { MessageSid: "SM1", MessageStatus: "sent" }),
};
const HANDLERS = { sms: receiveSms, keypress: receiveKeypress, delivery: receiveDelivery };
const NAMES = ["sms", "keypress", "delivery"] as const;

/** As a function URL calls, with members that nobody asked for. */
const call = (name: (typeof NAMES)[number], departure: object = {}) =>
  open.call(HANDLERS[name], { version: "2.0", rawPath: "/", ...REQUESTS[name], ...departure });

describe.each(NAMES)("%s", (name) => {
  it("believes Twilio, and nobody else", async () => {
    expect(await call(name)).toMatchObject({ statusCode: 200, body: SILENCE });
    expect(await call(name, { headers: {} })).toMatchObject({ statusCode: 403 });
    expect(await call(name, { rawQueryString: "key=13/1/colin/sms" })).toMatchObject({ statusCode: 403 });
    expect(await call(name, { headers: undefined, body: undefined })).toMatchObject({ statusCode: 403 });
  });

  it("has Twilio come again while its parameters are missing", async () => {
    await open.putParameter("/nightshift/rehearsal/twilio/account-sid", "none");
    expect(await call(name)).toMatchObject({ statusCode: 503 });
  });
});

it("told by way of the table: an answer is lost, Twilio's callback comes to the function, and it is told once", async () => {
  const { clock } = open.stage;
  const settings = open.settings();
  const twilio = await startTwilio({
    ...{ clock, accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, numbers: [OUR_NUMBER] },
    deliver: async (url, form, headers) => {
      const request = asLambdaSees(url, form.toString(), headers);
      const { statusCode: status, body } = await open.call(receiveDelivery, request);
      return { status, contentType: "text/xml", body };
    },
  });
  const [account, urls] = [ssmTwilioAccount(settings), ssmMonitorUrls(settings)];
  const desk = {
    outbox: dynamoDbOutbox(settings),
    budget: dynamoDbBudget(settings),
    phone: twilioPhone({ baseUrl: twilio.url, from: OUR_NUMBER, account, urls }),
    messagesPerHour: 30,
  };
  const telling = { key: "storm/x/colin", contact: COLIN, channel: "sms" as const, text: "ALARM [12.1]" };
  const tell = () => clock.during(() => tellOnce(telling, clock.now(), desk));
  twilio.fail({ on: "SendMessage", how: { reset: "after" } });
  await expect(tell()).rejects.toMatchObject({ name: "TellInDoubtError" });
  await twilio.settled();
  expect(await tell()).toEqual({ outcome: "already", sid: twilio.accepted("sms")[0] });
  expect(twilio.heard(COLIN.phone)).toHaveLength(1);
  expect(await desk.outbox.find(telling.key)).toMatchObject({ delivery: { status: "delivered" } });
  await twilio.close();
});

it("delivery writes to the outbox", async () => {
  const outbox = dynamoDbOutbox(open.settings());
  await outbox.claim({ key: KEY, contact: COLIN, channel: "sms", text: "" }, START);
  expect(await call("delivery")).toMatchObject({ statusCode: 200 });
  expect(await outbox.find(KEY)).toMatchObject({ state: "sent", sid: "SM1", delivery: { status: "sent" } });
});
