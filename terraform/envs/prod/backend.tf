# The bucket and its region are the account's: -backend-config="bucket=..." -backend-config="region=...".
terraform {
  backend "s3" {
    key          = "wallcrawler/prod/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
