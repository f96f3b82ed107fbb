# In front of browsers that nobody else reaches. It verifies a token, reads where its session is, and joins sockets.

module "router" {
  source = "../router"
  count  = local.is_direct ? 0 : 1

  prefix       = local.prefix
  image_tag    = var.image_tag
  architecture = var.architecture.router
  capacity     = var.router_capacity
  clients      = { connect_origin = local.public_connect_origin, ready_wait_seconds = local.timeouts.wait_seconds }
  network = {
    vpc_id            = module.network.id
    subnet_ids        = module.network.private_subnet_ids
    task_subnet_ids   = local.task_subnet_ids
    assigns_public_ip = local.has_own_address
  }
  browsers   = { security_group_id = module.browsers.security_group_id, proxy_port = module.browsers.proxy_port }
  tables     = { sessions = module.sessions.name, public_keys = module.public_keys.name }
  operations = local.operations

  enable_deletion_protection = var.enable_deletion_protection

  policies = [
    module.sessions.policies.get,
    module.public_keys.policies.get,
  ]
}
