/** What the policies may do though it looks too much, each with its reason. */

/** Actions that name no resource, and why not. */
export const UNNAMED_RESOURCES: Readonly<Record<string, string>> = {
  'xray:PutTraceSegments': 'X-Ray knows no resource for what is sent to it',
  'xray:PutTelemetryRecords': 'X-Ray knows no resource for what is sent to it',
  'ecs:ListTasks':
    'its only resource is a container instance, and Fargate has none; a condition names the cluster',
  'ec2:DescribeNetworkInterfaces': 'EC2 knows no resource for what is described',
};

/** Actions that AWS's reference knows no resource for, and that are held to one nevertheless; and why that works. */
export const NARROWED: Readonly<Record<string, string>> = {
  'dynamodb:ListStreams':
    'Lambda takes table/<name>/stream/*, as in the policy template for streams of AWS SAM (DynamoDBStreamReadPolicy)',
};
