import { type Params, requiredText, texts } from "../form.ts";
import type { Ec2 } from "./ec2.ts";
import { selectById } from "./filters.ts";
import { instanceState, stateWithCode, terminate } from "./instance-state.ts";
import { noInstance } from "./not-found.ts";
import type { Region } from "./region.ts";

/** TerminateInstances: all or none; an instance that is terminated already stays so. */
export async function terminateInstances({ account }: Ec2, region: Region, params: Params) {
  const ids = texts(params, "InstanceId");
  if (ids.length === 0) requiredText(params, "InstanceId");
  const instances = selectById(ids, region.instances.existing(), noInstance);
  const changes = [];
  for (const instance of instances) {
    const previousState = stateWithCode(instanceState(account, instance));
    await terminate(account, region, instance);
    const currentState = stateWithCode(instanceState(account, instance));
    changes.push({ instanceId: instance.id, currentState, previousState });
  }
  return { instancesSet: changes };
}
