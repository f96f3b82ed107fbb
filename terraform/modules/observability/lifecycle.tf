# Every step of every session, as the stream processor tells it: a history that can be searched, and counted.

resource "aws_cloudwatch_event_bus" "main" {
  name = var.prefix # a bus of its own: two environments of one account do not hear each other
}

resource "aws_cloudwatch_event_rule" "lifecycle" {
  name           = "${var.prefix}-lifecycle"
  description    = "All session state changes"
  event_bus_name = aws_cloudwatch_event_bus.main.name
  event_pattern  = jsonencode({ source = ["wallcrawler"], "detail-type" = ["Session State Change"] })
}

resource "aws_cloudwatch_event_target" "lifecycle" {
  rule           = aws_cloudwatch_event_rule.lifecycle.name
  event_bus_name = aws_cloudwatch_event_bus.main.name
  target_id      = "log"
  arn            = aws_cloudwatch_log_group.lifecycle.arn

  depends_on = [aws_cloudwatch_log_resource_policy.lifecycle]
}

resource "aws_cloudwatch_log_group" "lifecycle" {
  name              = "/aws/events/${var.prefix}/lifecycle"
  retention_in_days = var.log_retention_days
}

resource "aws_cloudwatch_log_resource_policy" "lifecycle" {
  policy_name = "${var.prefix}-lifecycle"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["delivery.logs.amazonaws.com", "events.amazonaws.com"] }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "${aws_cloudwatch_log_group.lifecycle.arn}:*"
    }]
  })
}
