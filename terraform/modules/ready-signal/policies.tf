locals {
  statements = {
    publish = [{ Effect = "Allow", Action = ["sns:Publish"], Resource = [aws_sns_topic.main.arn] }]
    receive = [{
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]
      Resource = [for shard in range(var.shards) : aws_sqs_queue.ready[tostring(shard)].arn]
    }]
  }
}

resource "aws_sqs_queue_policy" "ready" {
  for_each = local.shards

  queue_url = aws_sqs_queue.ready[each.value].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ReadyTopicOnly"
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.ready[each.value].arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.main.arn } }
    }]
  })
}
