output "arn" {
  description = "ARN of the table."
  value       = aws_dynamodb_table.main.arn
}

output "id" {
  description = "Id of the table."
  value       = aws_dynamodb_table.main.id
}

output "name" {
  description = "Name of the table."
  value       = aws_dynamodb_table.main.name
}

output "policies" {
  description = "Policy JSON by what it allows: get, batch_get, put, update, delete, query, query/<index>, stream."
  value = {
    for name, statements in merge(local.item_statements, local.query_statements, local.stream_statements) :
    name => jsonencode({ Version = "2012-10-17", Statement = statements })
  }
}

output "shape" {
  description = "How the table is keyed, what expires and what is streamed: what the code relies on."
  value = {
    hash_key         = aws_dynamodb_table.main.hash_key
    range_key        = var.range_key
    indexes          = var.indexes
    ttl_attribute    = var.ttl_attribute
    stream_view_type = var.enable_stream ? aws_dynamodb_table.main.stream_view_type : null
    is_protected     = aws_dynamodb_table.main.deletion_protection_enabled
  }
}

output "stream_arn" {
  description = "ARN of the stream; null without one."
  value       = var.enable_stream ? aws_dynamodb_table.main.stream_arn : null
}
