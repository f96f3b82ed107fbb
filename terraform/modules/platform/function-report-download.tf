module "report_download" {
  source = "../function"

  prefix      = local.prefix
  name        = "report-download"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["report-download"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE    = module.sessions.name
    DOWNLOADS_TABLE   = module.downloads.name
    ARTIFACT_DAYS     = var.retention.artifact_days
    TOKEN_KEYS_SECRET = module.token_keys.name
  }

  policies = [
    module.sessions.policies.get,
    module.downloads.policies.put,
    module.token_keys.policies.read,
  ]
}
