# One policy per call of the SDK, so that a role holds exactly the calls of its function. A transaction needs the rights
# of the writes in it.

locals {
  table_arn = aws_dynamodb_table.main.arn

  item_actions = {
    get       = ["dynamodb:GetItem"]
    batch_get = ["dynamodb:BatchGetItem"]
    put       = ["dynamodb:PutItem"]
    update    = ["dynamodb:UpdateItem"]
    delete    = ["dynamodb:DeleteItem"]
  }

  # Where a partition has more than one item it can be asked for as a whole.
  partition_actions = { for name, actions in { query = ["dynamodb:Query"] } : name => actions if var.range_key != null }

  item_statements = {
    for name, actions in merge(local.item_actions, local.partition_actions) : name => [
      { Effect = "Allow", Action = actions, Resource = [local.table_arn] },
    ]
  }

  query_statements = {
    for index in keys(var.indexes) : "query/${index}" => [
      { Effect = "Allow", Action = ["dynamodb:Query"], Resource = ["${local.table_arn}/index/${index}"] },
    ]
  }

  stream_statements = {
    for name in var.enable_stream ? ["stream"] : [] : name => [
      {
        Effect   = "Allow"
        Action   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
        Resource = [aws_dynamodb_table.main.stream_arn]
      },
      # Lists the streams of this table only; the call names no single stream.
      { Effect = "Allow", Action = ["dynamodb:ListStreams"], Resource = ["${local.table_arn}/stream/*"] },
    ]
  }
}
