mock_provider "aws" {
  source = "../../testing"
}

variables {
  prefix                     = "wallcrawler-test"
  name                       = "webhooks"
  visibility_timeout_seconds = 180
  max_receives               = 20
  alarm_topic_arn            = "arn:aws:sns:us-west-2:123456789012:alarms"
}

run "what_cannot_be_worked_off_is_kept_and_told" {
  assert {
    condition     = jsondecode(aws_sqs_queue.main.redrive_policy) == { deadLetterTargetArn = aws_sqs_queue.dead_letters.arn, maxReceiveCount = 20 }
    error_message = "a message that always fails does not go round for ever"
  }

  assert {
    condition     = aws_sqs_queue.dead_letters.message_retention_seconds == 1209600 && aws_sqs_queue.dead_letters.message_retention_seconds > aws_sqs_queue.main.message_retention_seconds
    error_message = "SQS counts from the first send: a dead letter must outlive the queue it comes from"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.dead_letters.dimensions.QueueName == aws_sqs_queue.dead_letters.name && aws_cloudwatch_metric_alarm.dead_letters.alarm_actions == toset([var.alarm_topic_arn])
    error_message = "somebody hears of the first dead letter"
  }

  assert {
    condition     = aws_sqs_queue.main.sqs_managed_sse_enabled && aws_sqs_queue.dead_letters.sqs_managed_sse_enabled
    error_message = "encrypted at rest, both"
  }
}

run "policies_name_the_queue_alone" {
  assert {
    condition     = alltrue([for policy in values(output.policies) : [for statement in jsondecode(policy).Statement : statement.Resource] == [[aws_sqs_queue.main.arn]]])
    error_message = "the dead letters are SQS's own to write"
  }

  assert {
    condition     = jsondecode(output.policies.send).Statement[0].Action == ["sqs:SendMessage"]
    error_message = "who sends does not receive"
  }
}
