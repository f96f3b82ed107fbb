mock_provider "aws" {
  source = "../../testing"
}

variables {
  prefix = "wallcrawler-test"
  shards = 3
}

run "each_queue_gets_its_own_shard" {
  assert {
    condition     = { for shard, subscription in aws_sns_topic_subscription.ready : shard => jsondecode(subscription.filter_policy) } == { "0" = { shard = ["0"] }, "1" = { shard = ["1"] }, "2" = { shard = ["2"] } }
    error_message = "a queue takes the messages of its shard: otherwise a create waits until its next look at the table"
  }

  assert {
    condition     = alltrue([for subscription in aws_sns_topic_subscription.ready : subscription.raw_message_delivery])
    error_message = "the waiter compares the body with the session's id: it must not be wrapped"
  }

  assert {
    condition     = alltrue([for subscription in aws_sns_topic_subscription.ready : subscription.filter_policy_scope == "MessageAttributes"])
    error_message = "the shard is an attribute: the body is the id and nothing else"
  }

  assert {
    condition     = length(output.queue_urls) == 3 && [for shard, queue in aws_sqs_queue.ready : queue.name] == ["wallcrawler-test-ready-0", "wallcrawler-test-ready-1", "wallcrawler-test-ready-2"]
    error_message = "the position of a URL is its shard"
  }
}

run "a_signal_does_not_outlive_its_waiter" {
  assert {
    condition     = alltrue([for queue in aws_sqs_queue.ready : queue.message_retention_seconds == 60])
    error_message = "60 s: a create waits for 50, and a stale message only costs others a read"
  }

  assert {
    condition     = alltrue([for queue in aws_sqs_queue.ready : queue.sqs_managed_sse_enabled]) && aws_sns_topic.main.kms_master_key_id != null
    error_message = "encrypted at rest, queue and topic"
  }
}

run "only_the_topic_may_send" {
  assert {
    condition = alltrue([for policy in aws_sqs_queue_policy.ready :
    jsondecode(policy.policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == output.arn])
    error_message = "no other topic, not even of this account, may wake a waiter"
  }
}

run "more_shards_than_filter_policies_are_refused" {
  command = plan

  variables {
    shards = 201
  }

  expect_failures = [var.shards]
}
