module "create_recording_downloads" {
  source = "../function"

  prefix      = local.prefix
  name        = "create-recording-downloads"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["create-recording-downloads"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE      = module.sessions.name
    ARTIFACTS_BUCKET    = module.artifacts_bucket.name
    ARTIFACT_DAYS       = var.retention.artifact_days
    RECORDING_QUEUE_URL = module.recording_queue.url
  }

  policies = [
    module.sessions.policies.get,
    module.artifacts_bucket.policies.read,
    module.artifacts_bucket.policies.write,
    module.recording_queue.policies.send,
  ]
}
