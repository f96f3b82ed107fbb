# Where the sessions run, and how clients get to them: directly at each task's public address, or through a router. Behind
# a router only the router gets in, also where a session has a public address for its way out.

locals {
  is_direct = var.connect == "direct"

  # Where there is no NAT gateway, whatever is to reach the internet, to fetch its image too, has an address of its own.
  has_own_address = local.is_direct || var.egress == "public"
  task_subnet_ids = local.has_own_address ? module.network.public_subnet_ids : module.network.private_subnet_ids

  public_connect_origin = "wss://${module.edge.domain_name}/connect"

  # Without it a session is reached at its own address.
  connect_environment = {
    for name, value in { PUBLIC_CONNECT_ORIGIN = local.public_connect_origin } : name => value if !local.is_direct
  }
}

module "network" {
  source = "../network"

  prefix = local.prefix
  cidr   = var.network.cidr
  nat    = var.network.nat
  # For the browsers behind a NAT gateway, and in any case for the router's load balancer.
  has_private_subnets = !local.is_direct
  zone_count          = var.network.zone_count
}

module "browsers" {
  source = "../browsers"

  prefix                     = local.prefix
  vpc_id                     = module.network.id
  ad_hosts_file              = var.block_ads ? "/opt/wallcrawler/ad-hosts.txt" : ""
  allowed_networks           = var.allowed_networks
  subnets                    = { ids = local.task_subnet_ids, vpc_cidr = module.network.cidr }
  image_tag                  = var.image_tag
  architecture               = var.architecture.browsers
  spot                       = var.spot
  task_size                  = var.task_size
  task_sizes                 = var.task_sizes
  log_retention_days         = var.retention.log_days
  telemetry                  = local.telemetry
  enable_deletion_protection = var.enable_deletion_protection
  # The token in the URL decides who may connect; an address says nothing about a client.
  ingress_cidrs = local.is_direct ? tomap({ "CDP clients" = "0.0.0.0/0" }) : tomap({})
}
