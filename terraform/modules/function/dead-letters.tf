# Where what could not be processed is kept: events that Lambda or EventBridge gave up on, or the position of a batch in
# a stream. Whoever calls and waits for the answer needs none of it.

locals {
  dead_letters   = var.dead_letters == null ? {} : { main = var.dead_letters }
  is_invoked_for = { for name, settings in local.dead_letters : name => settings if settings.async_retries != null }
  event_senders  = [for invoker in values(var.invoked_by) : invoker.source_arn if invoker.principal == "events.amazonaws.com"]
  is_sent_to     = { for name, settings in local.is_invoked_for : name => settings if length(local.event_senders) > 0 }
}

resource "aws_sqs_queue" "dead_letters" {
  for_each = local.dead_letters

  name                      = "${local.name}-dead-letters"
  message_retention_seconds = 14 * 24 * 60 * 60 # the longest there is: somebody may be on holiday
  sqs_managed_sse_enabled   = true
}

resource "aws_lambda_function_event_invoke_config" "main" {
  for_each = local.is_invoked_for

  function_name                = aws_lambda_function.main.function_name
  maximum_retry_attempts       = each.value.async_retries
  maximum_event_age_in_seconds = each.value.max_age_seconds

  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead_letters[each.key].arn
    }
  }
}

# EventBridge sends here itself when it cannot reach the function at all.
resource "aws_sqs_queue_policy" "dead_letters" {
  for_each = local.is_sent_to

  queue_url = aws_sqs_queue.dead_letters[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OwnRulesOnly"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.dead_letters[each.key].arn
      Condition = { ArnEquals = { "aws:SourceArn" = local.event_senders } }
    }]
  })
}
