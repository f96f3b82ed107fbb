# Whom the account trusts: workflows of one repository. Applying takes an environment of that repository, and so the
# approvals that GitHub asks for it, and the branch main; planning takes a pull request.

locals {
  issuer       = "token.actions.githubusercontent.com"
  is_connected = var.repository != null
  provider_arn = var.oidc_provider_arn != null ? var.oidc_provider_arn : one([for provider in aws_iam_openid_connect_provider.github : provider.arn])

  # By role name: what a workflow's token has to say.
  deployers = {
    for environment in var.environments : "${var.project}-${environment}-deploy" => {
      environment = environment
      claims = {
        sub = "repo:${var.repository}:environment:${environment}"
        ref = "refs/heads/main"
      }
    } if local.is_connected
  }
  planners = {
    for name in ["${var.project}-plan"] : name => { claims = { sub = "repo:${var.repository}:pull_request" } } if local.is_connected
  }

  trust = {
    for name, role in merge(local.deployers, local.planners) : name => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Principal = { Federated = local.provider_arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = { for claim, value in merge(role.claims, { aud = "sts.amazonaws.com" }) : "${local.issuer}:${claim}" => value }
        }
      }]
    })
  }
}

resource "aws_iam_openid_connect_provider" "github" {
  count = local.is_connected && var.oidc_provider_arn == null ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "github" {
  for_each = local.trust

  name               = each.key
  assume_role_policy = each.value
  # A first deploy of prod builds two images and waits for CloudFront twice: credentials must not end in an apply.
  max_session_duration = 7200
}
