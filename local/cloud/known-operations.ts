import { CLOUDFORMATION_OPERATIONS } from "./cloudformation/cloudformation.ts";
import { DYNAMODB_OPERATIONS } from "./dynamodb/dynamodb.ts";
import { EC2_OPERATIONS } from "./ec2/operations.ts";
import type { KnownOperations } from "./fault.ts";
import { QUOTAS_OPERATIONS } from "./quotas/quotas.ts";
import { S3_OPERATIONS } from "./s3/s3.ts";
import { SES_OPERATIONS } from "./ses/ses.ts";
import { SSM_OPERATIONS } from "./ssm/ssm.ts";
import { STATES_OPERATIONS } from "./states/states.ts";
import { STS_OPERATIONS } from "./sts/sts.ts";

/** Everything that the rehearsal cloud answers: what a fault may name. */
export const KNOWN_OPERATIONS: KnownOperations = {
  ec2: Object.keys(EC2_OPERATIONS),
  ssm: Object.keys(SSM_OPERATIONS),
  ses: Object.keys(SES_OPERATIONS),
  sts: STS_OPERATIONS,
  cloudformation: Object.keys(CLOUDFORMATION_OPERATIONS),
  dynamodb: DYNAMODB_OPERATIONS,
  states: Object.keys(STATES_OPERATIONS),
  s3: Object.keys(S3_OPERATIONS),
  servicequotas: Object.keys(QUOTAS_OPERATIONS),
};
