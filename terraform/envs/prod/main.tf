# prod: about $87 a month when idle. Sessions have private addresses behind one NAT gateway, and are reached through the
# router. What each choice costs and gives up: docs/runbooks/costs.md.

locals {
  project     = "wallcrawler"
  environment = "prod"
}

module "platform" {
  source = "../../modules/platform"

  project                    = local.project
  environment                = local.environment
  image_tag                  = var.image_tag
  enable_deletion_protection = var.enable_deletion_protection

  connect         = "router"
  egress          = "nat"
  router_capacity = { min = 2, max = 24 }

  architecture = { browsers = "x86_64", router = "arm64" }
  spot         = false
  task_size    = { vcpu = 1, memory_gb = 2 }
  task_sizes   = {}

  network = { cidr = "10.20.0.0/16", nat = "one", zone_count = 3 }
  domain  = null

  limits    = { requests_per_second = 200, request_burst = 400, ready_shards = 32 }
  alarms    = { emails = [], monthly_budget_usd = 500 }
  retention = { log_days = 90, old_profile_days = 30 }

  # None while nobody comes. After a create the pool holds as many containers as creates came in the busiest of the last
  # five minutes; a `min`, or a `schedule` of one, makes the first create fast as well, for about $36 a month each
  # (docs/warm-pool.md). vcpu_quota: the account's quota "Fargate On-Demand vCPU resource count", less the routers' part;
  # with spot "Fargate Spot vCPU resource count".
  warm = { min = 0, max = 0, schedule = [], vcpu_quota = 0 }

  # Where prod has an account of its own, both are true.
  enable_account_logging = false
}
