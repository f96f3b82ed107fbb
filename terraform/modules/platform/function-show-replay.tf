# The three functions of a replay's page are open to the world: the token in the path is their only guard. So they know
# public keys alone, and can read what they show and nothing more.

module "show_replay" {
  source = "../function"

  prefix      = local.prefix
  name        = "show-replay"
  package_dir = local.package_dir
  invoked_by  = local.invoked_by_api["show-replay"]
  operations  = local.operations

  environment = {
    PUBLIC_KEYS_TABLE = module.public_keys.name
    ARTIFACTS_BUCKET  = module.artifacts_bucket.name
  }

  policies = [
    module.public_keys.policies.get,
  ]
}
