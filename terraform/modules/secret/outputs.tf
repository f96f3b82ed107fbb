output "arn" {
  description = "ARN of the secret."
  value       = aws_secretsmanager_secret.main.arn
}

output "id" {
  description = "Id of the secret."
  value       = aws_secretsmanager_secret.main.id
}

output "name" {
  description = "Name of the secret."
  value       = aws_secretsmanager_secret.main.name
}

output "policies" {
  description = "Policy JSON by what it allows: read."
  value = {
    read = jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = [aws_secretsmanager_secret.main.arn]
      }]
    })
  }
}
