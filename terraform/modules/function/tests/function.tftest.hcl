mock_provider "aws" {
  source = "../../testing"
}

variables {
  prefix      = "wallcrawler-test"
  name        = "task-processor"
  package_dir = "tests/package"
  environment = { SESSIONS_TABLE = "wallcrawler-test-sessions" }
  policies = [
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"dynamodb:GetItem\"],\"Resource\":[\"arn:aws:dynamodb:us-west-2:123456789012:table/a\"]}]}",
  ]
  operations = {
    alarm_topic_arn    = "arn:aws:sns:us-west-2:123456789012:alarms"
    log_retention_days = 30
    telemetry          = { METRICS_NAMESPACE = "Wallcrawler/wallcrawler-test" }
  }
}

run "a_function_runs_its_bundle" {
  assert {
    condition     = aws_lambda_function.main.function_name == "wallcrawler-test-task-processor" && aws_lambda_function.main.filename == "tests/package/task-processor.zip" && aws_lambda_function.main.package_type == "Zip"
    error_message = "function and bundle have one name"
  }

  assert {
    condition     = aws_lambda_function.main.runtime == "nodejs24.x" && aws_lambda_function.main.handler == "index.handler" && aws_lambda_function.main.architectures[0] == "arm64"
    error_message = "the runtime that the bundles are built for"
  }

  assert {
    condition     = aws_lambda_function.main.tracing_config[0].mode == "Active"
    error_message = "each request can be followed through X-Ray"
  }

  assert {
    condition     = aws_lambda_function.main.environment[0].variables == tomap({ SESSIONS_TABLE = "wallcrawler-test-sessions", METRICS_NAMESPACE = "Wallcrawler/wallcrawler-test" })
    error_message = "the environment is what the caller gave and where numbers go, and nothing else"
  }
}

run "its_log_is_its_own_and_ends" {
  assert {
    condition     = aws_cloudwatch_log_group.main.retention_in_days == 30 && aws_lambda_function.main.logging_config[0].log_group == aws_cloudwatch_log_group.main.name
    error_message = "a log group that Lambda makes by itself is kept, and paid for, for ever"
  }
}

run "its_role_is_its_own" {
  assert {
    condition     = aws_iam_role.main.name == aws_lambda_function.main.function_name && jsondecode(aws_iam_role.main.assume_role_policy).Statement[0].Principal.Service == "lambda.amazonaws.com"
    error_message = "one role for each function: what one may do, another may not"
  }

  assert {
    condition = toset(flatten([for statement in jsondecode(aws_iam_role_policy.main.policy).Statement : statement.Action])) == toset([
      "logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords", "dynamodb:GetItem",
    ])
    error_message = "log, traces, and what the caller composed: nothing more"
  }

  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.main.policy).Statement :
    !contains(statement.Resource, "*") || alltrue([for action in statement.Action : startswith(action, "xray:")])])
    error_message = "only X-Ray, which knows no narrower resource, is allowed on *"
  }
}

run "its_alarms_reach_somebody" {
  assert {
    condition     = aws_cloudwatch_metric_alarm.errors[0].metric_name == "Errors" && aws_cloudwatch_metric_alarm.errors[0].threshold == 0
    error_message = "one crash is told"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.errors[0].alarm_actions == toset(["arn:aws:sns:us-west-2:123456789012:alarms"])
    error_message = "an alarm without an action is seen by nobody"
  }

  assert {
    condition     = length(aws_sqs_queue.dead_letters) == 0
    error_message = "who waits for the answer needs no dead letters"
  }
}

run "an_error_can_be_an_answer" {
  variables {
    operations = {
      alarm_topic_arn    = "arn:aws:sns:us-west-2:123456789012:alarms"
      log_retention_days = 30
      alarm_on_errors    = false
    }
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.errors) == 0
    error_message = "an authorizer refuses a bad key by an error: no alarm for that"
  }
}

run "an_event_is_not_lost" {
  variables {
    dead_letters = { async_retries = 2 }
    invoked_by = {
      task-state = { principal = "events.amazonaws.com", source_arn = "arn:aws:events:us-west-2:123456789012:rule/tasks" }
    }
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.main["main"].destination_config[0].on_failure[0].destination == output.dead_letters_arn
    error_message = "an event that failed three times is kept"
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_policy.dead_letters["main"].policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == ["arn:aws:events:us-west-2:123456789012:rule/tasks"]
    error_message = "EventBridge may put there what it could not deliver, from this rule only"
  }

  assert {
    condition     = aws_lambda_permission.invoke["task-state"].source_arn == "arn:aws:events:us-west-2:123456789012:rule/tasks"
    error_message = "no other rule may invoke the function"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.dead_letters["main"].threshold == 0 && length(aws_cloudwatch_metric_alarm.dead_letters["main"].alarm_actions) == 1
    error_message = "one dead letter is told"
  }

  assert {
    condition     = aws_sqs_queue.dead_letters["main"].message_retention_seconds == 1209600 && aws_sqs_queue.dead_letters["main"].sqs_managed_sse_enabled
    error_message = "kept for 14 days, encrypted"
  }

  assert {
    condition     = contains(flatten([for statement in jsondecode(aws_iam_role_policy.main.policy).Statement : statement.Action]), "sqs:SendMessage")
    error_message = "Lambda writes dead letters by the function's own role"
  }
}
