import { type FunctionName, functionOfResource } from "./function-name.ts";

/** Logical id of a machine's resources: "AmiBuild" for "ami-build". */
export function machineId(machine: string): string {
  return machine.replaceAll(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

/**
 * The CloudFormation resources of one state machine: the machine, its role (which may call exactly the functions that
 * its tasks name), its log group, and the alarms on runs that fail, time out or are aborted.
 */
export function machineResources(
  machine: string,
  asl: string,
  functions: readonly FunctionName[],
  stage: string,
) {
  const id = machineId(machine);
  const name = `nightshift-${stage}-${machine}`;
  const used = usedFunctions(machine, asl, functions);
  const arns = used.map(({ key }) => ({ "Fn::GetAtt": [lambdaId(key), "Arn"] }));
  return {
    [`${id}StateMachine`]: {
      Type: "AWS::StepFunctions::StateMachine",
      Properties: {
        StateMachineName: name,
        RoleArn: { "Fn::GetAtt": [`${id}Role`, "Arn"] },
        DefinitionString: asl,
        DefinitionSubstitutions: Object.fromEntries(used.map((one, index) => [one.placeholder, arns[index]])),
        LoggingConfiguration: {
          Level: "ERROR",
          IncludeExecutionData: false,
          Destinations: [
            { CloudWatchLogsLogGroup: { LogGroupArn: { "Fn::GetAtt": [`${id}LogGroup`, "Arn"] } } },
          ],
        },
      },
    },
    [`${id}LogGroup`]: {
      Type: "AWS::Logs::LogGroup",
      Properties: { LogGroupName: `/aws/vendedlogs/states/${name}`, RetentionInDays: 90 },
    },
    [`${id}Role`]: machineRole(name, arns),
    ...alarms(id, name),
  };
}

function usedFunctions(machine: string, asl: string, functions: readonly FunctionName[]): FunctionName[] {
  const resources = [...new Set(asl.match(/\$\{\w+Arn\}/g) ?? [])];
  return resources.map((resource) => {
    const found = functionOfResource(resource, functions);
    if (found === undefined)
      throw new Error(
        `state-machines/${machine}.asl.json: no function for ${resource} in the machine's region`,
      );
    return found;
  });
}

function machineRole(name: string, functionArns: unknown[]) {
  // CloudWatch Logs vended delivery knows no narrower resource (Step Functions guide, "Logging using CloudWatch").
  const logDelivery = ["CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery"];
  const policies = [
    "ListLogDeliveries",
    "PutResourcePolicy",
    "DescribeResourcePolicies",
    "DescribeLogGroups",
  ];
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: `${name}-states`,
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      },
      Policies: [
        {
          PolicyName: `${name}-states`,
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: functionArns },
              {
                Effect: "Allow",
                Action: [...logDelivery, ...policies].map((one) => `logs:${one}`),
                Resource: ["*"],
              },
            ],
          },
        },
      ],
    },
  };
}

/** One alarm per way in which a run can end badly. Missing data is well: most hours have no run. */
function alarms(id: string, name: string) {
  const metrics = {
    Failed: "ExecutionsFailed",
    TimedOut: "ExecutionsTimedOut",
    Aborted: "ExecutionsAborted",
  };
  return Object.fromEntries(
    Object.entries(metrics).map(([suffix, MetricName]) => [
      `${id}${suffix}Alarm`,
      {
        Type: "AWS::CloudWatch::Alarm",
        Properties: {
          AlarmName: `${name}-${suffix.toLowerCase()}`,
          AlarmDescription: `A run of ${name}: ${MetricName}. See: nightshift status`,
          Namespace: "AWS/States",
          MetricName,
          Dimensions: [{ Name: "StateMachineArn", Value: { Ref: `${id}StateMachine` } }],
          Statistic: "Sum",
          Period: 300,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: "GreaterThanOrEqualToThreshold",
          TreatMissingData: "notBreaching",
          AlarmActions: [{ Ref: "AlarmTopic" }],
        },
      },
    ]),
  );
}

/** Logical id that the framework gives to a function: its key with a capital, and LambdaFunction. */
export function lambdaId(key: string): string {
  return `${key[0]?.toUpperCase()}${key.slice(1)}LambdaFunction`;
}
