output "arn" {
  description = "ARN of the ready topic."
  value       = aws_sns_topic.main.arn
}

output "id" {
  description = "Id of the ready topic."
  value       = aws_sns_topic.main.id
}

output "name" {
  description = "Name of the ready topic."
  value       = aws_sns_topic.main.name
}

output "policies" {
  description = "Policy JSON by what it allows: publish, receive."
  value = {
    for name, statements in local.statements :
    name => jsonencode({ Version = "2012-10-17", Statement = statements })
  }
}

output "queue_urls" {
  description = "URLs of the ready queues; the position is the shard."
  value       = [for shard in range(var.shards) : aws_sqs_queue.ready[tostring(shard)].url]
}
