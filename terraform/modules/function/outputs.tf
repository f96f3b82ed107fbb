output "arn" {
  description = "ARN of the function."
  value       = aws_lambda_function.main.arn
}

output "dead_letters_arn" {
  description = "ARN of the queue of dead letters; null without one."
  value       = one([for queue in aws_sqs_queue.dead_letters : queue.arn])
}

output "id" {
  description = "Id of the function."
  value       = aws_lambda_function.main.id
}

output "log_group_name" {
  description = "Name of the log's group."
  value       = aws_cloudwatch_log_group.main.name
}

output "name" {
  description = "Name of the function."
  value       = aws_lambda_function.main.function_name
}

# The three below are what a role, an environment and a time-out are tested by.

output "environment" {
  description = "Environment variables of the function."
  value       = var.environment
}

output "policy" {
  description = "The whole policy of the function's role, as JSON."
  value       = aws_iam_role_policy.main.policy
}

output "timeout_seconds" {
  description = "How long one invocation may take."
  value       = var.timeout_seconds
}
