import { isTrue, type Params, requiredText } from "../form.ts";
import type { Ec2 } from "./ec2.ts";
import { selectById } from "./filters.ts";
import { noInstance } from "./not-found.ts";
import type { Region } from "./region.ts";

/** GetConsoleOutput: base64 of what the machine has printed so far, at most the last 64 KiB. */
export function getConsoleOutput({ account }: Ec2, region: Region, params: Params) {
  const id = requiredText(params, "InstanceId");
  const [instance] = selectById([id], region.instances.visible(), noInstance);
  // Without Latest, EC2 answers a copy that it posted shortly after the last state transition: here, still nothing.
  const output = isTrue(params, "Latest") ? (instance?.machine.consoleOutput() ?? "") : "";
  return {
    instanceId: id,
    timestamp: account.clock.now(),
    output: Buffer.from(output, "latin1").toString("base64"),
  };
}
