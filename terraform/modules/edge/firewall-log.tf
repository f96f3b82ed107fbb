resource "aws_cloudwatch_log_group" "firewall" {
  region            = "us-east-1"
  name              = "aws-waf-logs-${var.prefix}" # WAF takes no name that begins otherwise
  retention_in_days = var.log_retention_days
}

# Who was blocked and why, without the keys.
resource "aws_wafv2_web_acl_logging_configuration" "main" {
  region                  = "us-east-1"
  resource_arn            = aws_wafv2_web_acl.main.arn
  log_destination_configs = [aws_cloudwatch_log_group.firewall.arn]

  dynamic "redacted_fields" {
    for_each = toset(["authorization", "x-bb-api-key", "x-wc-api-key"])

    content {
      single_header {
        name = redacted_fields.value
      }
    }
  }

  # Tokens stand in both: `?signingKey=`, and `/connect/live/<token>/`.
  redacted_fields {
    query_string {}
  }

  redacted_fields {
    uri_path {}
  }

  logging_filter {
    default_behavior = "DROP"

    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ANY"

      condition {
        action_condition {
          action = "BLOCK"
        }
      }
    }
  }
}
