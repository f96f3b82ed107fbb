module "list_session_downloads" {
  source = "../function"

  prefix          = local.prefix
  name            = "list-session-downloads"
  package_dir     = local.package_dir
  timeout_seconds = local.timeouts.log_seconds
  invoked_by      = local.invoked_by_api["list-session-downloads"]
  operations      = local.operations

  environment = {
    SESSIONS_TABLE   = module.sessions.name
    DOWNLOADS_TABLE  = module.downloads.name
    ARTIFACTS_BUCKET = module.artifacts_bucket.name
  }

  policies = [
    module.sessions.policies.get,
    module.downloads.policies["query/sessionId-createdAt"],
    module.artifacts_bucket.policies.read,
  ]
}
