# The role of this function and of no other: its own log, its traces, its dead letters, and what the caller composed.

locals {
  own_statements = concat(
    [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.main.arn}:*"]
      },
      {
        Effect   = "Allow"
        Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        Resource = ["*"] # X-Ray knows no resource for what is sent to it
      },
    ],
    [
      for queue in aws_sqs_queue.dead_letters :
      { Effect = "Allow", Action = ["sqs:SendMessage"], Resource = [queue.arn] }
    ],
  )
}

resource "aws_iam_role" "main" {
  name = local.name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "main" {
  name = "job"
  role = aws_iam_role.main.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.own_statements, flatten([for policy in var.policies : jsondecode(policy).Statement]))
  })
}
