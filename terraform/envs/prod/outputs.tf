output "api_url" {
  description = "Base URL of the API."
  value       = module.platform.api_url
}

output "distribution_domain_name" {
  description = "What a name of your own has to point to."
  value       = module.platform.distribution_domain_name
}

output "image_architectures" {
  description = "What the images are built for, by name."
  value       = module.platform.image_architectures
}

output "image_tag" {
  description = "Tag of the browser image that sessions run."
  value       = var.image_tag
}

output "next_commands" {
  description = "What to do after the first apply."
  value       = module.platform.next_commands
}

output "prefix" {
  description = "The --prefix of npm run admin."
  value       = module.platform.prefix
}

output "recordings_repository_url" {
  description = "Where the image of the function that encodes recordings is pushed to."
  value       = module.platform.recordings_repository_url
}

output "repository_url" {
  description = "Where the browser image is pushed to."
  value       = module.platform.repository_url
}

output "router_repository_url" {
  description = "Where the router's image is pushed to; null without a router."
  value       = module.platform.router_repository_url
}
