output "arn" {
  description = "ARN of the distribution."
  value       = aws_cloudfront_distribution.main.arn
}

output "domain_name" {
  description = "Host that clients use."
  value       = var.domain == null ? aws_cloudfront_distribution.main.domain_name : var.domain.name
}

output "distribution_domain_name" {
  description = "CloudFront's own host: what a name of your own points to."
  value       = aws_cloudfront_distribution.main.domain_name
}

output "id" {
  description = "Id of the distribution."
  value       = aws_cloudfront_distribution.main.id
}
