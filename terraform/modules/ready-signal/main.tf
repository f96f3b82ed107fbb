# How a waiting create hears of its session: one topic, fanned out to one queue per shard. The filter policies are
# static, so that no create waits for the control plane.

locals {
  shards = toset([for shard in range(var.shards) : tostring(shard)])
}

resource "aws_sns_topic" "main" {
  name              = "${var.prefix}-session-ready"
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_sqs_queue" "ready" {
  for_each = local.shards

  name = "${var.prefix}-ready-${each.value}"
  # A signal is of use for as long as one create waits; 60 s is the shortest that SQS allows.
  message_retention_seconds  = 60
  visibility_timeout_seconds = 5
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true
}

resource "aws_sns_topic_subscription" "ready" {
  for_each = local.shards

  topic_arn            = aws_sns_topic.main.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.ready[each.value].arn
  filter_policy        = jsonencode({ shard = [each.value] })
  filter_policy_scope  = "MessageAttributes"
  raw_message_delivery = true

  # SNS drops what a queue refuses: first the right to send, then the subscription.
  depends_on = [aws_sqs_queue_policy.ready]
}
