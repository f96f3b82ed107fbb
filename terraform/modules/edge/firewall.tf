# WAF at the distribution, where the client's own address is seen.

locals {
  managed_rule_groups = {
    AWSManagedRulesKnownBadInputsRuleSet = { priority = 1, counted = [] }
    AWSManagedRulesCommonRuleSet = {
      priority = 2
      counted = [
        "SizeRestrictions_BODY", # bodies of up to 10 MB are allowed: certificates, later uploads
        "GenericRFI_BODY",       # a proxy's address is a URL with an IP address in it
        "NoUserAgent_HEADER",    # a bare WebSocket client, as CDP libraries have, does not say what it is
      ]
    }
  }
}

resource "aws_wafv2_web_acl" "main" {
  region      = "us-east-1" # where AWS keeps everything of CloudFront's
  name        = var.prefix
  description = "In front of the API"
  scope       = "CLOUDFRONT"

  default_action {
    allow {}
  }

  rule {
    name     = "rate-per-ip"
    priority = 0

    action {
      block {
        custom_response {
          response_code            = 429
          custom_response_body_key = "too-many-requests"
        }
      }
    }

    statement {
      rate_based_statement {
        limit                 = var.requests_per_ip
        evaluation_window_sec = 300
        aggregate_key_type    = "IP"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate-per-ip"
      sampled_requests_enabled   = false # a sample shows the headers, and so the API key
    }
  }

  dynamic "rule" {
    for_each = local.managed_rule_groups

    content {
      name     = rule.key
      priority = rule.value.priority

      override_action {
        none {}
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.key

          dynamic "rule_action_override" {
            for_each = toset(rule.value.counted)

            content {
              name = rule_action_override.value

              action_to_use {
                count {}
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = false
      }
    }
  }

  custom_response_body {
    key          = "too-many-requests"
    content_type = "APPLICATION_JSON"
    content      = jsonencode({ statusCode = 429, error = "Too Many Requests", message = "Too many requests, try again later" })
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.prefix
    sampled_requests_enabled   = false
  }
}

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
