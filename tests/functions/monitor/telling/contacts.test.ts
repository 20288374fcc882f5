import { expect, it } from "@jest/globals";
import { contactsOf } from "../../../../functions/monitor/telling/contacts.ts";
import { monitorWith } from "../fakes/shipped-monitor.ts";

it("contacts read times in the zone of their quiet hours, or in the monitor's", () => {
  const monitor = monitorWith('a: { kind: ping, address: "a:1" }', "timeZone: America/New_York");
  const { colin = { phone: "" }, deputy = { phone: "" } } = monitor.contacts;
  const contacts = {
    deputy,
    colin: { ...colin, quiet: { from: "22:00", to: "07:00", timeZone: "Europe/Berlin" } },
  };
  expect(contactsOf({ ...monitor, contacts })).toEqual([
    { name: "deputy", phone: "+16045550102", timeZone: "America/New_York" },
    { name: "colin", phone: "+16045550101", timeZone: "Europe/Berlin" },
  ]);
});
