import { createTags, deleteTags, describeTags } from "./change-tags.ts";
import { getConsoleOutput } from "./console-output.ts";
import { copyImage } from "./copy-image.ts";
import { createImage } from "./create-image.ts";
import {
  deregisterImage,
  describeImageAttribute,
  describeImages,
  modifyImageAttribute,
} from "./describe-images.ts";
import { describeInstanceStatus, describeInstances } from "./describe-instances.ts";
import type { Ec2Operation } from "./ec2.ts";
import { createKeyPair, deleteKeyPair, describeKeyPairs, importKeyPair } from "./key-pairs.ts";
import {
  describeAvailabilityZones,
  describeInstanceTypes,
  describeRegions,
  describeSubnets,
  describeVpcs,
} from "./places.ts";
import { runInstances } from "./run-instances.ts";
import { authorizeIngress, revokeIngress } from "./security-group-rules.ts";
import { createSecurityGroup, deleteSecurityGroup, describeSecurityGroups } from "./security-groups.ts";
import { deleteSnapshot, describeSnapshots } from "./snapshots.ts";
import { terminateInstances } from "./terminate-instances.ts";
import { deleteVolume, describeVolumes } from "./volumes.ts";

/** The operations of EC2 (API version 2016-11-15) that the rehearsal cloud carries out. */
export const EC2_OPERATIONS: Readonly<Record<string, Ec2Operation>> = {
  DescribeRegions: describeRegions,
  DescribeAvailabilityZones: describeAvailabilityZones,
  DescribeVpcs: describeVpcs,
  DescribeSubnets: describeSubnets,
  DescribeInstanceTypes: describeInstanceTypes,

  RunInstances: runInstances,
  DescribeInstances: describeInstances,
  DescribeInstanceStatus: describeInstanceStatus,
  TerminateInstances: terminateInstances,
  GetConsoleOutput: getConsoleOutput,

  ImportKeyPair: importKeyPair,
  CreateKeyPair: createKeyPair,
  DescribeKeyPairs: describeKeyPairs,
  DeleteKeyPair: deleteKeyPair,

  CreateSecurityGroup: createSecurityGroup,
  DescribeSecurityGroups: describeSecurityGroups,
  AuthorizeSecurityGroupIngress: authorizeIngress,
  RevokeSecurityGroupIngress: revokeIngress,
  DeleteSecurityGroup: deleteSecurityGroup,

  CreateImage: createImage,
  CopyImage: copyImage,
  DescribeImages: describeImages,
  ModifyImageAttribute: modifyImageAttribute,
  DescribeImageAttribute: describeImageAttribute,
  DeregisterImage: deregisterImage,

  DescribeSnapshots: describeSnapshots,
  DeleteSnapshot: deleteSnapshot,
  DescribeVolumes: describeVolumes,
  DeleteVolume: deleteVolume,

  CreateTags: createTags,
  DeleteTags: deleteTags,
  DescribeTags: describeTags,
};
