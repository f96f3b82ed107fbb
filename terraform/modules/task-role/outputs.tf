output "arn" {
  description = "ARN of the role, once it may do what it is for."
  value       = aws_iam_role.main.arn
  depends_on  = [aws_iam_role_policy.main]
}

output "policy" {
  description = "Policy JSON of the role."
  value       = aws_iam_role_policy.main.policy
}
