# By itself: a mocked update keeps what an earlier run has set.

mock_provider "aws" {
  source = "../../testing"
}

variables {
  prefix      = "wallcrawler-test"
  name        = "task-processor"
  package_dir = "tests/package"
  operations = {
    alarm_topic_arn    = "arn:aws:sns:us-west-2:123456789012:alarms"
    log_retention_days = 30
  }
}

run "a_bundle_that_needs_more_than_node_runs_in_an_image" {
  command = plan

  variables {
    image_uri = "123456789012.dkr.ecr.us-west-2.amazonaws.com/encode:0123456-arm64"
    disk_mb   = 2048
  }

  assert {
    condition     = aws_lambda_function.main.package_type == "Image" && aws_lambda_function.main.image_uri == var.image_uri && aws_lambda_function.main.image_config[0].command == tolist(["task-processor"])
    error_message = "the image is told which bundle"
  }

  assert {
    condition     = aws_lambda_function.main.ephemeral_storage[0].size == 2048
    error_message = "room for what it encodes"
  }
}
