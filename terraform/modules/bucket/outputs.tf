output "arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.main.arn
}

output "id" {
  description = "Id of the bucket."
  value       = aws_s3_bucket.main.id
}

output "name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.main.bucket
}

output "policies" {
  description = "Policy JSON by what it allows: read, write, delete, purge."
  value = {
    for name, statements in local.statements :
    name => jsonencode({ Version = "2012-10-17", Statement = statements })
  }
}
