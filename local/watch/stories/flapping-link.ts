import type { Story } from "../story.ts";

const FIRST = "+16045550101";

/** A link goes up and down, minute by minute: never down for long, never well. Its owner answers the one text. */
export const flappingLink: Story = {
  name: "flapping-link",
  summary:
    "a link goes up and down every minute: one text, a reply, and an all-clear once it has calmed down",

  monitor: ({ pipe }) => ({
    from: "+12065550100",
    timeZone: "UTC",
    contacts: { colin: { phone: FIRST } },
    statusPage: { title: "Example Backup" },
    checks: { link: { kind: "ping", title: "The link", address: pipe, timeoutSeconds: 0.2 } },
  }),

  play: async ({ room, host, pass, narrate }) => {
    const answer = (text: string) => (text.startsWith("ALARM") ? "ACK 1" : undefined);
    room.twilio.person(FIRST, { sms: { reply: { text: answer, afterSeconds: 40 } } });
    await pass(1);
    narrate("link", "a connector is loose: it goes down and up again");
    for (let times = 0; times < 5; times += 1) {
      await host.goDark();
      await pass(1);
      await host.comeBack();
      await pass(1);
    }
    narrate("link", "somebody has pushed the connector in");
    await pass(22);
  },
};
