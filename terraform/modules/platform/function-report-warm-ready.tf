module "report_warm_ready" {
  source = "../function"

  prefix      = local.prefix
  name        = "report-warm-ready"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["report-warm-ready"]
  operations  = local.operations

  environment = {
    WARM_POOL_TABLE   = module.warm_pool.name
    TOKEN_KEYS_SECRET = module.token_keys.name
  }

  policies = [
    module.warm_pool.policies.get,
    module.warm_pool.policies.update,
    module.token_keys.policies.read,
  ]
}
