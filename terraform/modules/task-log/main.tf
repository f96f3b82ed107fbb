# What the containers of one kind of task say, in CloudWatch.

resource "aws_cloudwatch_log_group" "main" {
  name              = "/ecs/${var.name}"
  retention_in_days = var.retention_days
}

data "aws_region" "current" {}
