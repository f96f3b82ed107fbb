# One DynamoDB table, and for each kind of access the policy that a function composes.

locals {
  key_attributes = toset(concat(
    [var.hash_key],
    var.range_key == null ? [] : [var.range_key],
    flatten([for index in values(var.indexes) : [index.hash_key, index.range_key]]),
  ))
}

resource "aws_dynamodb_table" "main" {
  name                        = var.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = var.hash_key
  range_key                   = var.range_key
  deletion_protection_enabled = var.enable_deletion_protection
  stream_enabled              = var.enable_stream
  # Both images: what an event means follows from the step, not from the state.
  stream_view_type = var.enable_stream ? "NEW_AND_OLD_IMAGES" : null

  dynamic "attribute" {
    for_each = local.key_attributes

    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.indexes

    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value.hash_key
      range_key       = global_secondary_index.value.range_key
      projection_type = "ALL"
    }
  }

  dynamic "ttl" {
    for_each = var.ttl_attribute == null ? [] : [var.ttl_attribute]

    content {
      attribute_name = ttl.value
      enabled        = true
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }
}
