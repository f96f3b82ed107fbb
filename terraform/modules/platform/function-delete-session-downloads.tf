module "delete_session_downloads" {
  source = "../function"

  prefix      = local.prefix
  name        = "delete-session-downloads"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["delete-session-downloads"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE   = module.sessions.name
    DOWNLOADS_TABLE  = module.downloads.name
    ARTIFACTS_BUCKET = module.artifacts_bucket.name
  }

  policies = [
    module.sessions.policies.get,
    module.downloads.policies["query/sessionId-createdAt"],
    module.downloads.policies.delete,
    module.artifacts_bucket.policies.delete,
  ]
}
