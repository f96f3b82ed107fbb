mock_provider "aws" {
  source = "../../testing"
}

variables {
  prefix             = "wallcrawler-test"
  api                = { name = "wallcrawler-test", stage_name = "api" }
  functions          = { create_session = "wallcrawler-test-create-session", stream_processor = "wallcrawler-test-stream-processor", sweeper = "wallcrawler-test-sweeper" }
  emails             = ["ops@example.com"]
  log_retention_days = 30
  monthly_budget_usd = 50
}

run "every_alarm_reaches_somebody" {
  assert {
    condition = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.main), [aws_cloudwatch_metric_alarm.sweeper_late]) :
    alarm.alarm_actions == toset([aws_sns_topic.alarms.arn]) && alarm.ok_actions == toset([aws_sns_topic.alarms.arn])])
    error_message = "an alarm without an action is seen by nobody, and its end is news too"
  }

  assert {
    condition     = aws_sns_topic_subscription.email["ops@example.com"].protocol == "email"
    error_message = "the topic has a reader"
  }

  assert {
    condition     = toset(jsondecode(aws_sns_topic_policy.alarms.policy).Statement[0].Principal.Service) == toset(["cloudwatch.amazonaws.com", "budgets.amazonaws.com"])
    error_message = "CloudWatch and Budgets may publish, of this account only"
  }

  assert {
    condition     = jsondecode(aws_sns_topic_policy.alarms.policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "no other account may raise an alarm here"
  }
}

run "what_was_promised_is_watched" {
  assert {
    condition     = aws_cloudwatch_metric_alarm.main["api-latency"].threshold == 5000 && aws_cloudwatch_metric_alarm.main["api-latency"].extended_statistic == "p95"
    error_message = "API latency over 5 s"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.main["api-errors"].threshold == 0.05 && aws_cloudwatch_metric_alarm.main["api-errors"].statistic == "Average"
    error_message = "more than 5 % of the requests fail: the average of 5XXError is its rate"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.sweeper_late.treat_missing_data == "breaching" && aws_cloudwatch_metric_alarm.sweeper_late.comparison_operator == "LessThanThreshold"
    error_message = "a sweeper that does not run at all sends no number: silence is the alarm"
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.main)) == toset(["api-errors", "api-latency", "sessions-failing", "sessions-not-started", "start-latency", "stream-late", "throttles", "warm-pool-empty"])
    error_message = "latency, errors, throttling, sessions that fail, late events, a pool that has nothing left"
  }

  assert {
    condition     = toset([for alarm in aws_cloudwatch_metric_alarm.main : alarm.namespace if !startswith(alarm.namespace, "AWS/")]) == toset([output.metrics_namespace])
    error_message = "the numbers of our own are looked for where they are put"
  }
}

run "steps_are_kept_and_counted" {
  assert {
    condition     = aws_cloudwatch_event_rule.lifecycle.event_bus_name == "wallcrawler-test" && aws_cloudwatch_event_target.lifecycle.event_bus_name == "wallcrawler-test"
    error_message = "a bus for each environment"
  }

  assert {
    condition     = aws_cloudwatch_log_group.lifecycle.retention_in_days == 30 && startswith(aws_cloudwatch_log_group.lifecycle.name, "/aws/events/")
    error_message = "kept for a bounded time, under the name that EventBridge may write to"
  }

  assert {
    condition     = jsondecode(output.event_bus.policies.put).Statement[0].Resource == [aws_cloudwatch_event_bus.main.arn]
    error_message = "events go to this bus and to no other"
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.lifecycle.event_pattern)["detail-type"] == ["Session State Change"]
    error_message = "the log has the steps, and not each page that a session opens"
  }
}

run "an_empty_warm_pool_is_told" {
  assert {
    condition     = aws_cloudwatch_metric_alarm.main["warm-pool-empty"].statistic == "Minimum" && aws_cloudwatch_metric_alarm.main["warm-pool-empty"].treat_missing_data == "notBreaching"
    error_message = "one container within five minutes is enough, and without a pool nobody is told"
  }
}

run "money_is_watched_too" {
  assert {
    condition     = aws_budgets_budget.monthly[0].limit_amount == "50" && length(aws_budgets_budget.monthly[0].notification) == 2
    error_message = "at 80 % spent and at 100 % foreseen somebody is told"
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.main.dashboard_body).widgets) == 12
    error_message = "one dashboard"
  }
}

run "an_account_that_may_have_no_budget_yet_does_without" {
  variables {
    monthly_budget_usd = null
  }

  assert {
    condition     = length(aws_budgets_budget.monthly) == 0
    error_message = "Budgets refuses an account of an organization for its first day, and an apply with it"
  }
}
