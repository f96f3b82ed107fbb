output "arn" {
  description = "ARN of the queue."
  value       = aws_sqs_queue.main.arn
}

output "dead_letters_arn" {
  description = "ARN of the queue of dead letters."
  value       = aws_sqs_queue.dead_letters.arn
}

output "id" {
  description = "Id of the queue."
  value       = aws_sqs_queue.main.id
}

output "name" {
  description = "Name of the queue."
  value       = aws_sqs_queue.main.name
}

output "policies" {
  description = "Policy JSON by what it allows: send; work, for the function that works it off; postpone, if it says itself when a message comes again."
  value = {
    for name, actions in local.actions : name => jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = actions, Resource = [aws_sqs_queue.main.arn] }]
    })
  }
}

output "url" {
  description = "URL of the queue."
  value       = aws_sqs_queue.main.url
}
