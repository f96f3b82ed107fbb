output "policies" {
  description = "Policy JSON by what it allows: pull."
  value = {
    pull = jsonencode({
      Version = "2012-10-17"
      Statement = [
        {
          Effect   = "Allow"
          Action   = ["ecr:GetAuthorizationToken"]
          Resource = ["*"] # a login to the whole registry: ECR knows no narrower one
        },
        {
          Effect   = "Allow"
          Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
          Resource = [aws_ecr_repository.main.arn]
        },
      ]
    })
  }
}

output "url" {
  description = "What images are pushed to, without a tag."
  value       = aws_ecr_repository.main.repository_url
  # Whoever runs the images may fetch them.
  depends_on = [aws_ecr_repository_policy.main]
}
