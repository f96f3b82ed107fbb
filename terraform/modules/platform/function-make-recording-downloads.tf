# Makes an MP4 of a film: its chunks are read one after the other, their pictures gathered on the function's disk (512 MB),
# and stored behind one table of all.

module "recording_queue" {
  source = "../work-queue"

  prefix = local.prefix
  name   = "recordings"
  # Six times the function's time-out, as AWS asks.
  visibility_timeout_seconds = 720
  # After that whoever asked sees that it has failed.
  max_receives    = 3
  alarm_topic_arn = module.observability.alarm_topic_arn
}

module "make_recording_downloads" {
  source = "../function"

  prefix          = local.prefix
  name            = "make-recording-downloads"
  package_dir     = local.package_dir
  timeout_seconds = 120
  operations      = local.operations

  environment = {
    SESSIONS_TABLE   = module.sessions.name
    ARTIFACTS_BUCKET = module.artifacts_bucket.name
  }

  policies = [
    module.sessions.policies.get,
    module.artifacts_bucket.policies.read,
    module.artifacts_bucket.policies.write,
    module.recording_queue.policies.work,
  ]
}

resource "aws_lambda_event_source_mapping" "recordings" {
  function_name    = module.make_recording_downloads.arn
  event_source_arn = module.recording_queue.arn
  # Each has the function's whole time and disk.
  batch_size              = 1
  function_response_types = ["ReportBatchItemFailures"]

  # Of the account's concurrency, which creates need.
  scaling_config {
    maximum_concurrency = 5
  }
}
