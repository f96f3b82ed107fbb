locals {
  # Terraform shows it in no plan; whoever may read the state can read it, and can do nothing with it but skip the
  # firewall.
  origin_secret = sensitive(terraform_data.origin_secret.triggers_replace)
}

data "aws_secretsmanager_random_password" "origin_secret" {
  password_length     = 48
  exclude_punctuation = true
}

# Kept as it was made first: `terraform apply -replace=module.platform.terraform_data.origin_secret` makes another.
# Not its `input`: what that becomes, the `output`, is shown in the clear by a plan that replaces or destroys it.
resource "terraform_data" "origin_secret" {
  triggers_replace = sensitive(data.aws_secretsmanager_random_password.origin_secret.random_password)

  lifecycle {
    ignore_changes = [triggers_replace]
  }
}

module "edge" {
  source = "../edge"

  prefix        = local.prefix
  domain        = var.domain
  origin_secret = local.origin_secret
  origin = {
    domain_name          = module.rest_api.domain_name
    path                 = "/${module.rest_api.stage_name}"
    read_timeout_seconds = local.timeouts.edge_seconds
  }
  # Its origin alone: as a whole the router also knows the address that clients use, which comes from here.
  router = local.is_direct ? null : merge(module.router[0].origin, {
    read_timeout_seconds = local.timeouts.edge_seconds
  })
  requests_per_ip     = var.limits.requests_per_ip
  log_retention_days  = var.retention.log_days
  viewer_request_code = file("${local.repository_dir}/edge/viewer-request.js")
}
