# What there has to be before the first environment, once for each account: a place for the states, and a way in for
# GitHub Actions. Applied by hand.

data "aws_caller_identity" "current" {}

module "state_bucket" {
  source = "../modules/bucket"

  name = "${var.project}-state-${data.aws_caller_identity.current.account_id}"
  # A state that was spoilt is had back by its version.
  old_version_days           = 365
  enable_deletion_protection = true
}
