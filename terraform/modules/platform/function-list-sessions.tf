module "list_sessions" {
  source = "../function"

  prefix      = local.prefix
  name        = "list-sessions"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["list-sessions"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE = module.sessions.name
  }

  policies = [
    module.sessions.policies["query/projectId-createdAt"],
  ]
}
