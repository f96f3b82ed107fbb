# Makes an MP4 of a film, as H.264: its chunks are read one after the other, their pictures gathered on the function's disk,
# and encoded by the ffmpeg in its image. At most five at once: creates need the account's concurrency.

module "recordings_image" {
  source = "../image-repository"

  name                       = "${local.prefix}-recordings"
  enable_deletion_protection = var.enable_deletion_protection
  pulled_by_function_arn     = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:function:${local.prefix}-make-recording-downloads"
}

module "recording_queue" {
  source = "../work-queue"

  prefix = local.prefix
  name   = "recordings"
  # Longer than the function may take. Six times as long, as AWS advises against throttling, would let whoever asked wait for
  # hours when one try has failed; the mapping below never takes more than there are functions for.
  visibility_timeout_seconds = 930
  # After that whoever asked sees that it has failed.
  max_receives    = 3
  alarm_topic_arn = module.observability.alarm_topic_arn
}

module "make_recording_downloads" {
  source = "../function"

  prefix          = local.prefix
  name            = "make-recording-downloads"
  package_dir     = local.package_dir
  timeout_seconds = 900
  image_uri       = "${module.recordings_image.url}:${var.image_tag}-arm64"
  # 1.7 processors. An account may have no more at first than 3,008.
  memory_mb = 3008
  # The film (450 MB), and what becomes of it (1 GB).
  disk_mb    = 2048
  operations = local.operations

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

  scaling_config {
    maximum_concurrency = 5
  }
}
