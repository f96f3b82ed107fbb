/** Rights that a role needs though its code never asks for them on one machine, and why. */
export const USED_BY_AWS: Readonly<Record<string, string>> = {
  'logs:CreateLogStream': 'Lambda writes the log',
  'logs:PutLogEvents': 'Lambda writes the log',
  'xray:PutTraceSegments': 'Lambda sends the traces',
  'xray:PutTelemetryRecords': 'Lambda sends the traces',
  'dynamodb:DescribeStream': 'Lambda reads the stream',
  'dynamodb:GetRecords': 'Lambda reads the stream',
  'dynamodb:GetShardIterator': 'Lambda reads the stream',
  'dynamodb:ListStreams': 'Lambda reads the stream',
  'sqs:SendMessage': 'Lambda keeps what could not be processed',
  'ec2:DescribeNetworkInterfaces': 'the address in the event of a task is the one that clients use here',
};
