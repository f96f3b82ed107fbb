output "cluster_name" {
  description = "Name of the cluster that the router runs in; the service has the same name."
  value       = aws_ecs_cluster.main.name
}

output "origin" {
  description = "The internal load balancer, as CloudFront's VPC origin takes it."
  value = {
    arn         = aws_lb.main.arn
    domain_name = aws_lb.main.dns_name
    port        = local.listener_port
  }

  # A VPC origin that is made earlier answers 502 until the listener is there.
  depends_on = [aws_lb_listener.main]
}

output "policy" {
  description = "Policy JSON of the router's role."
  value       = module.role.policy
}

output "repository_url" {
  description = "Where the image is pushed to."
  value       = module.image.url
}

output "security_group_id" {
  description = "Security group of the tasks."
  value       = aws_security_group.router.id
}
