output "deploy_role_arns" {
  description = "ROLE_ARN of each environment in the repository's settings."
  value       = { for name, role in local.deployers : role.environment => aws_iam_role.github[name].arn }
}

output "plan_role_arn" {
  description = "PLAN_ROLE_ARN of the repository's settings; null without a repository."
  value       = one([for name in keys(local.planners) : aws_iam_role.github[name].arn])
}

output "state_bucket" {
  description = "WALLCRAWLER_STATE_BUCKET of npm run deploy, and STATE_BUCKET of the repository's settings."
  value       = module.state_bucket.name
}
