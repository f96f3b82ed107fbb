module "list_downloads" {
  source = "../function"

  prefix      = local.prefix
  name        = "list-downloads"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["list-downloads"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE  = module.sessions.name
    DOWNLOADS_TABLE = module.downloads.name
  }

  policies = [
    module.sessions.policies.get,
    module.downloads.policies["query/sessionId-createdAt"],
  ]
}
