mock_provider "aws" {
  source = "../../testing"
}

variables {
  name     = "wallcrawler-test-sessions"
  hash_key = "sessionId"
  indexes  = { "projectId-createdAt" = { hash_key = "projectId", range_key = "createdAt" } }
}

run "a_table_is_safe_by_default" {
  assert {
    condition     = aws_dynamodb_table.main.billing_mode == "PAY_PER_REQUEST"
    error_message = "on demand: nobody plans capacity for sessions that come in bursts"
  }

  assert {
    condition     = aws_dynamodb_table.main.point_in_time_recovery[0].enabled
    error_message = "every second of the last 35 days can be restored"
  }

  assert {
    condition     = aws_dynamodb_table.main.server_side_encryption[0].enabled
    error_message = "encrypted at rest with a key that the account can audit"
  }

  assert {
    condition     = aws_dynamodb_table.main.deletion_protection_enabled
    error_message = "a table is not deleted by a mistaken apply"
  }

  assert {
    condition     = length(aws_dynamodb_table.main.ttl) == 0 && !aws_dynamodb_table.main.stream_enabled
    error_message = "nothing expires and nothing is streamed unless it was asked for"
  }

  assert {
    condition     = toset([for attribute in aws_dynamodb_table.main.attribute : attribute.name]) == toset(["sessionId", "projectId", "createdAt"])
    error_message = "exactly the key attributes are declared: DynamoDB refuses any other"
  }
}

run "policies_name_one_call_each" {
  assert {
    condition     = toset(keys(output.policies)) == toset(["batch_get", "delete", "get", "put", "query/projectId-createdAt", "update"])
    error_message = "one policy per call: a role holds what its function does and nothing else"
  }

  assert {
    condition     = jsondecode(output.policies["query/projectId-createdAt"]).Statement[0].Resource == ["${output.arn}/index/projectId-createdAt"]
    error_message = "a query is allowed on its own index, not on the table"
  }

  assert {
    condition = alltrue(flatten([for policy in values(output.policies) : [
      for statement in jsondecode(policy).Statement : [for action in statement.Action : !strcontains(action, "*")]
    ]]))
    error_message = "no wildcard in an action"
  }
}

run "a_partition_of_many_items_can_be_asked_for" {
  variables {
    range_key = "createdAt"
    indexes   = {}
  }

  assert {
    condition     = aws_dynamodb_table.main.range_key == "createdAt" && toset([for attribute in aws_dynamodb_table.main.attribute : attribute.name]) == toset(["sessionId", "createdAt"])
    error_message = "the sort key is a key attribute like the other"
  }

  assert {
    condition     = jsondecode(output.policies.query).Statement[0].Resource == [output.arn]
    error_message = "a query of the table itself, and of no index"
  }
}

run "a_stream_has_both_images" {
  variables {
    enable_stream = true
    ttl_attribute = "purgeAt"
  }

  assert {
    condition     = aws_dynamodb_table.main.stream_view_type == "NEW_AND_OLD_IMAGES"
    error_message = "the step is read from both images: with one, READY would be signalled at every heartbeat"
  }

  assert {
    condition     = aws_dynamodb_table.main.ttl[0].attribute_name == "purgeAt" && aws_dynamodb_table.main.ttl[0].enabled
    error_message = "the TTL is on what was asked for"
  }

  assert {
    condition     = contains(keys(output.policies), "stream")
    error_message = "who may read the stream is a policy of its own"
  }
}
