module "read_network" {
  source = "../function"

  prefix      = local.prefix
  name        = "read-network"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["read-network"]
  operations  = local.operations

  environment = {
    SESSIONS_TABLE     = module.sessions.name
    CERTIFICATES_TABLE = module.certificates.name
    TOKEN_KEYS_SECRET  = module.token_keys.name
  }

  policies = [
    module.sessions.policies.get,
    module.certificates.policies.get,
    module.token_keys.policies.read,
  ]
}
