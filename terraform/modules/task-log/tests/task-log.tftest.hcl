mock_provider "aws" {
  source = "../../testing"
}

variables {
  name           = "wallcrawler-test-browser"
  retention_days = 30
  stream_prefix  = "session"
}

run "a_log_holds_nobody_up_and_does_not_stay_for_ever" {
  assert {
    condition     = output.configuration.options.mode == "non-blocking" && output.configuration.options["awslogs-region"] == "us-west-2"
    error_message = "a browser goes on while CloudWatch does not"
  }

  assert {
    condition     = aws_cloudwatch_log_group.main.retention_in_days == 30
    error_message = "a log group without retention is paid for ever"
  }
}

run "who_starts_the_task_may_write_there_only" {
  assert {
    condition     = jsondecode(output.policies.write).Statement[0].Action == ["logs:CreateLogStream", "logs:PutLogEvents"] && jsondecode(output.policies.write).Statement[0].Resource == ["${aws_cloudwatch_log_group.main.arn}:*"]
    error_message = "streams of this group, and not to read them"
  }
}
