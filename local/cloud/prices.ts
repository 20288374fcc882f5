/**
 * List prices in US dollars for us-east-1, as known in November 2026: written down by hand, with the page to check each
 * against beside it. us-west-2 and us-east-2 have the same ones, eu-west-1 is up to a tenth dearer. Free tiers, discounts
 * and taxes are left out: these are what a busy account pays for one more of each.
 */
export const PRICES = {
  /** aws.amazon.com/ec2/pricing/on-demand: Linux, by the hour; billed by the second, 60 seconds at least. */
  instanceHour: {
    "t3.nano": 0.0052,
    "t3.micro": 0.0104,
    "t3.small": 0.0208,
    "t3.medium": 0.0416,
    "t3.large": 0.0832,
    "t3.xlarge": 0.1664,
    "c7i.large": 0.08925,
    "c7i.xlarge": 0.1785,
    "c7i.2xlarge": 0.357,
    "m7i.large": 0.1008,
    "m7i.xlarge": 0.2016,
    "m7i.2xlarge": 0.4032,
    "r7i.large": 0.1323,
    "r7i.xlarge": 0.2646,
    "t4g.nano": 0.0042,
    "t4g.micro": 0.0084,
    "t4g.small": 0.0168,
    "t4g.medium": 0.0336,
    "t4g.large": 0.0672,
    "t4g.xlarge": 0.1344,
    "c7g.large": 0.0725,
    "c7g.xlarge": 0.145,
    "c7g.2xlarge": 0.29,
    "m7g.large": 0.0816,
    "m7g.xlarge": 0.1632,
    "m7g.2xlarge": 0.3264,
    "r7g.large": 0.1071,
    "r7g.xlarge": 0.2142,
  } as Readonly<Record<string, number>>,
  /** aws.amazon.com/vpc/pricing: public IPv4 address in use. */
  publicIpv4Hour: 0.005,
  /** aws.amazon.com/ebs/pricing: gp3 storage; 3,000 IOPS and 125 MB/s are included. */
  gp3GibMonth: 0.08,
  /** aws.amazon.com/ebs/pricing: snapshots, standard tier, of what is stored. */
  snapshotGibMonth: 0.05,
  /**
   * aws.amazon.com/ebs/pricing, provisioned rate for volume initialization: per GiB of snapshot data and MiB/s
   * (0.0036 per GiB at 300 MiB/s; quoted in github.com/github-aws-runners/terraform-aws-github-runner/pull/5165).
   */
  initializationGibMibPerSecond: 0.0036 / 300,
  /** aws.amazon.com/ec2/pricing/on-demand, data transfer: to another region, which a snapshot's copy is. */
  interRegionGib: 0.02,
  /** aws.amazon.com/dynamodb/pricing/on-demand, since November 2024. */
  dynamoDbWriteUnit: 0.625e-6,
  dynamoDbReadUnit: 0.125e-6,
  /** aws.amazon.com/s3/pricing, S3 Standard: 0.005 per 1,000 PUT and LIST requests, 0.0004 per 1,000 GET. */
  s3PutRequest: 0.005e-3,
  s3GetRequest: 0.0004e-3,
  /** aws.amazon.com/ses/pricing: outbound mail, 0.10 per 1,000 recipients. */
  sesMail: 0.1e-3,
  /** aws.amazon.com/step-functions/pricing: standard workflows. */
  stateTransition: 25e-6,
  /** aws.amazon.com/lambda/pricing: requests, and arm64 compute in its first tier. */
  lambdaRequest: 0.2e-6,
  lambdaGibSecond: 13.3334e-6,
} as const;

/** AWS's month for storage. */
export const HOURS_PER_MONTH = 730;
