module "update_session" {
  source = "../function"

  prefix      = local.prefix
  name        = "update-session"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["update-session"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE = module.sessions.name
    CLUSTER        = module.browsers.name
  }

  policies = [
    module.sessions.policies.get,
    module.sessions.policies.update,
    module.browsers.policies.stop,
  ]
}
