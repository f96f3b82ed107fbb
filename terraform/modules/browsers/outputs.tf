output "arn" {
  description = "ARN of the cluster."
  value       = aws_ecs_cluster.main.arn
}

output "capacity_provider" {
  description = "What tasks are started on: FARGATE or FARGATE_SPOT."
  value       = local.capacity_provider

  # Who starts a task before the cluster has them is refused.
  depends_on = [aws_ecs_cluster_capacity_providers.main]
}

output "container_name" {
  description = "Name of the container within the task."
  value       = local.container_name
}

output "id" {
  description = "Id of the cluster."
  value       = aws_ecs_cluster.main.id
}

output "ingress_cidrs" {
  description = "Who reaches the proxies from outside."
  value       = [for rule in aws_vpc_security_group_ingress_rule.proxy : rule.cidr_ipv4]
}

output "name" {
  description = "Name of the cluster."
  value       = aws_ecs_cluster.main.name
}

output "policies" {
  description = "Policy JSON by what it allows: run, stop, list, locate."
  value = {
    for name, statements in local.statements :
    name => jsonencode({ Version = "2012-10-17", Statement = statements })
  }
}

output "proxy_port" {
  description = "Port of the proxy in each container."
  value       = local.proxy_port
}

output "repository_url" {
  description = "Where the image is pushed to."
  value       = module.image.url
}

output "security_group_id" {
  description = "Security group of the containers; who else may reach them is added to it."
  value       = aws_security_group.main.id
}

output "task_cpu_units" {
  description = "What a task of the standard size takes of the account's quota: 1,024 are a vCPU."
  value       = aws_ecs_task_definition.main.cpu
}

output "task_sizes" {
  description = "What a session may ask for by name, as JSON: CPU units and megabytes, which override those of the task definition."
  value = jsonencode({
    for name, size in var.task_sizes :
    name => { cpu = size.vcpu * local.units, memory = size.memory_gb * local.units }
  })
}

output "task_definition_arn" {
  description = "ARN of the task definition, with its revision."
  value       = aws_ecs_task_definition.main.arn
}
