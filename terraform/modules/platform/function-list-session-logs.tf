# Streams a whole log: as long as the largest one takes at what Lambda and API Gateway let through.

module "list_session_logs" {
  source = "../function"

  prefix          = local.prefix
  name            = "list-session-logs"
  package_dir     = local.package_dir
  timeout_seconds = local.timeouts.log_seconds
  invoked_by      = local.invoked_by_api["list-session-logs"]
  operations      = local.operations

  environment = {
    SESSIONS_TABLE   = module.sessions.name
    ARTIFACTS_BUCKET = module.artifacts_bucket.name
  }

  policies = [
    module.sessions.policies.get,
    module.artifacts_bucket.policies.read,
  ]
}
