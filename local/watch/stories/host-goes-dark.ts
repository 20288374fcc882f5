import type { Story } from "../story.ts";

const FIRST = "+16045550101";
const SECOND = "+16045550102";

/** At three in the night a host stops answering; its owner sleeps through the text, and wakes of the call. */
export const hostGoesDark: Story = {
  name: "host-goes-dark",
  summary:
    "a host stops answering at three in the night: SMS, no answer, call, keypress, recovery, all-clear",

  monitor: ({ pipe, url }) => ({
    from: "+12065550100",
    timeZone: "UTC",
    contacts: { colin: { phone: FIRST }, deputy: { phone: SECOND } },
    statusPage: { title: "Example Backup" },
    checks: {
      "web-host": { kind: "ping", title: "The web host", address: pipe, timeoutSeconds: 0.2 },
      www: { kind: "http", title: "The web site", url, timeoutSeconds: 0.2, parent: "web-host" },
    },
  }),

  play: async ({ room, host, pass, narrate }) => {
    room.twilio.person(FIRST, { sms: "read", call: { answersAfterSeconds: 20, presses: "1" } });
    await pass(2);
    narrate("web-host", "goes dark: its power supply has failed");
    await host.goDark();
    narrate("colin", "sleeps, and will not hear a text; a call wakes him after 20 seconds");
    await pass(13);
    narrate("web-host", "is back: somebody replaced the power supply");
    await host.comeBack();
    await pass(4);
  },
};
