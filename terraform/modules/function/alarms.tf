# Throttling is watched once for all of them: concurrency is the account's.

resource "aws_cloudwatch_metric_alarm" "errors" {
  count = var.operations.alarm_on_errors ? 1 : 0

  alarm_name          = "${local.name}-errors"
  alarm_description   = "${local.name} crashed or ran out of time. Its log says why."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.main.function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.operations.alarm_topic_arn]
  ok_actions          = [var.operations.alarm_topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = local.dead_letters

  alarm_name          = "${local.name}-dead-letters"
  alarm_description   = "${local.name} gave up on something. It waits in the queue ${aws_sqs_queue.dead_letters[each.key].name}."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters[each.key].name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.operations.alarm_topic_arn]
  ok_actions          = [var.operations.alarm_topic_arn]
}
