# dev: about $14 a month when idle (docs/runbooks/costs.md). Sessions have public addresses and speak plain ws://, and
# there is no NAT gateway and no router.

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

  connect = "direct"
  network = { cidr = "10.10.0.0/16", nat = "none" }
  domain  = null

  limits    = { requests_per_second = 50, request_burst = 100, ready_shards = 16 }
  alarms    = { emails = [], monthly_budget_usd = 50 }
  retention = { log_days = 14, old_profile_days = 7 }

  # Where prod has an account of its own, both are true.
  enable_account_logging = true
}
