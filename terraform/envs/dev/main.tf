# dev: about $47 a month when idle. One router, so that clients have wss; no NAT gateway: sessions and router have public
# addresses, and only the router is let in to a session. With `connect = "direct"` and no `router_capacity` it is about $19,
# and clients speak plain ws:// (docs/runbooks/costs.md).

locals {
  project     = "wallcrawler"
  environment = "dev"
}

module "platform" {
  source = "../../modules/platform"

  project                    = local.project
  environment                = local.environment
  image_tag                  = var.image_tag
  enable_deletion_protection = var.enable_deletion_protection

  connect         = "router"
  egress          = "public"
  router_capacity = { min = 1, max = 2 }

  architecture = { browsers = "x86_64", router = "arm64" }
  spot         = false
  task_size    = { vcpu = 1, memory_gb = 2 }
  task_sizes   = {}

  network = { cidr = "10.10.0.0/16", nat = "none" }
  domain  = null

  limits    = { requests_per_second = 50, request_burst = 100, ready_shards = 16 }
  alarms    = { emails = [], monthly_budget_usd = 100 }
  retention = { log_days = 14, old_profile_days = 7 }

  # Each create waits for a container of its own.
  warm = { max = 0 }

  # Where prod has an account of its own, both are true.
  enable_account_logging = true
}
