import type { Theatre } from "../../../state-machines/walked-run.ts";
import { bankOn } from "./open-bank.ts";
import { overdueAccount, sampleAccount } from "./sample-account.ts";
import { SECRET, sampleEvent, signedRequest } from "./stripe.ts";

/** Brings every function of this domain to every call that it can make. For the permissions test. */
export async function callEverything(theatre: Theatre): Promise<void> {
  const bank = bankOn(theatre);
  await bank.setParameter("/nightshift/rehearsal/accounts/deletions", "allowed");
  await bank.setParameter("/nightshift/rehearsal/stripe/webhook-secret", SECRET);
  const time = theatre.stage.clock.now();
  const opening = { account: "new", mail: "new@example.org", time: time.toISOString() };
  await bank.call("open-account", { opening });
  await bank.call("authorize-account", { account: "new" });
  await bank.call("park-account", { account: "new", parked: true, day: "2026-11-22" });
  await bank.put(overdueAccount({ account: "overdue" }));
  await bank.call("delete-account", { account: "overdue", approvedBy: "owner", time: time.toISOString() });
  await bank.put(sampleAccount());
  for (const name of ["payment-succeeded", "refund-created"])
    await bank.call("receive-payment", signedRequest(sampleEvent(name), theatre.stage.clock.now()));
}
