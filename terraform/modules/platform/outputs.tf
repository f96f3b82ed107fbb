output "api_url" {
  description = "Base URL of the API."
  value       = "https://${module.edge.domain_name}"
}

output "cluster_name" {
  description = "Name of the ECS cluster that the sessions run in."
  value       = module.browsers.name
}

output "contexts_bucket_name" {
  description = "Name of the bucket with the profiles."
  value       = module.contexts_bucket.name
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard."
  value       = module.observability.dashboard_name
}

output "distribution_domain_name" {
  description = "CloudFront's own host: what a name of your own has to point to."
  value       = module.edge.distribution_domain_name
}

output "functions" {
  description = "Each function by name: its time-out, its environment and the policy of its role."
  value = {
    for name, function in local.functions :
    name => { timeout_seconds = function.timeout_seconds, environment = function.environment, policy = function.policy }
  }
}

output "image_architectures" {
  description = "What the images are built for, by name."
  value       = { controller = var.architecture.browsers, recordings = "arm64", router = var.architecture.router }
}

output "next_commands" {
  description = "What to do after the first apply."
  value       = <<-TEXT
    export AWS_REGION=${data.aws_region.current.region}
    npm run admin -- token-keys rotate --prefix ${local.prefix}
    npm run admin -- projects create --prefix ${local.prefix} --id main --name main
    npm run admin -- keys create --prefix ${local.prefix} --project main
    npm run smoke -- https://${module.edge.domain_name} <key>
  TEXT
}

output "prefix" {
  description = "What all names begin with: the --prefix of npm run admin."
  value       = local.prefix
}

output "recordings_repository_url" {
  description = "Where the image of the function that encodes recordings is pushed to."
  value       = module.recordings_image.url
}

output "repository_url" {
  description = "Where the browser image is pushed to."
  value       = module.browsers.repository_url
}

output "router" {
  description = "The router's service and the policy of its role; null where sessions are reached directly."
  value = one([for router in module.router : {
    cluster_name = router.cluster_name
    policy       = router.policy
  }])
}

# By itself, and by its index: the repositories are made before all else (`-target`), and an output is known then only
# if nothing else is behind it.
output "router_repository_url" {
  description = "Where the router's image is pushed to; null where sessions are reached directly."
  value       = try(module.router[0].repository_url, null)
}
