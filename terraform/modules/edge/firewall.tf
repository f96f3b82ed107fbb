# WAF at the distribution, where the client's own address is seen.

locals {
  # Every rule of the groups by name, with what becomes of a request that it matches. The names are those of AWS's list
  # ("Baseline rule groups"); a rule that AWS adds blocks as AWS has it until it is written down here.
  #
  # What looks at a body or a query only counts: honest JSON holds `localhost`, `../../`, `<script>` and addresses of
  # proxies (userMetadata, names, proxies[].server, q), nothing of it is ever run, opened or shown as a page, and each
  # function holds it against the contract. Known bad inputs stay: nobody means those.
  managed_rule_groups = {
    AWSManagedRulesKnownBadInputsRuleSet = {
      priority = 1
      counted  = []
      blocking = [
        "ExploitablePaths_URIPATH",
        "Host_localhost_HEADER",
        "JavaDeserializationRCE_BODY",
        "JavaDeserializationRCE_HEADER",
        "JavaDeserializationRCE_QUERYSTRING",
        "JavaDeserializationRCE_URIPATH",
        "Log4JRCE_BODY",
        "Log4JRCE_HEADER",
        "Log4JRCE_QUERYSTRING",
        "Log4JRCE_URIPATH",
        "PROPFIND_METHOD",
        "ReactJSRCE_BODY",
      ]
    }
    AWSManagedRulesCommonRuleSet = {
      priority = 2
      counted = [
        "CrossSiteScripting_BODY",
        "CrossSiteScripting_QUERYARGUMENTS",
        "EC2MetaDataSSRF_BODY",
        "EC2MetaDataSSRF_QUERYARGUMENTS",
        "GenericLFI_BODY",
        "GenericLFI_QUERYARGUMENTS",
        "GenericRFI_BODY",
        "GenericRFI_QUERYARGUMENTS",
        "NoUserAgent_HEADER", # a bare WebSocket client, as CDP libraries have, does not say what it is
        "RestrictedExtensions_QUERYARGUMENTS",
        "SizeRestrictions_BODY",        # bodies of up to 10 MB are allowed: certificates, later uploads
        "SizeRestrictions_QUERYSTRING", # above 2,048 bytes, and the contract's `q` alone may be 6,144
      ]
      blocking = [
        "CrossSiteScripting_COOKIE",
        "CrossSiteScripting_URIPATH",
        "EC2MetaDataSSRF_COOKIE",
        "EC2MetaDataSSRF_URIPATH",
        "GenericLFI_URIPATH",
        "GenericRFI_URIPATH",
        "RestrictedExtensions_URIPATH",
        "SizeRestrictions_Cookie_HEADER",
        "SizeRestrictions_URIPATH",
        "UserAgent_BadBots_HEADER",
      ]
    }
  }

  # In the contract's shape: without these WAF answers with CloudFront's page of HTML.
  blocked_answers = {
    forbidden         = { statusCode = 403, error = "Forbidden", message = "The request was refused by the firewall" }
    too-many-requests = { statusCode = 429, error = "Too Many Requests", message = "Too many requests, try again later" }
  }
}

locals {
  block_with = {
    for key, answer in local.blocked_answers : key => {
      Block = {
        CustomResponse = {
          ResponseCode          = answer.statusCode
          CustomResponseBodyKey = key
          ResponseHeaders       = [{ Name = "cache-control", Value = "no-store" }]
        }
      }
    }
  }

  rate_rule = {
    Name     = "rate-per-ip"
    Priority = 0
    Action   = local.block_with["too-many-requests"]
    Statement = {
      RateBasedStatement = { Limit = var.requests_per_ip, EvaluationWindowSec = 300, AggregateKeyType = "IP" }
    }
  }

  managed_rules = [for name, group in local.managed_rule_groups : {
    Name           = name
    Priority       = group.priority
    OverrideAction = { None = {} }
    Statement = {
      ManagedRuleGroupStatement = {
        VendorName = "AWS"
        Name       = name
        RuleActionOverrides = concat(
          [for rule in group.counted : { Name = rule, ActionToUse = { Count = {} } }],
          [for rule in group.blocking : { Name = rule, ActionToUse = local.block_with["forbidden"] }],
        )
      }
    }
  }]

  # A sample would show the headers, and so the API key.
  firewall_rules = [for rule in concat([local.rate_rule], local.managed_rules) : merge(rule, {
    VisibilityConfig = { CloudWatchMetricsEnabled = true, MetricName = rule.Name, SampledRequestsEnabled = false }
  })]
}

resource "aws_wafv2_web_acl" "main" {
  region      = "us-east-1" # where AWS keeps everything of CloudFront's
  name        = var.prefix
  description = "In front of the API"
  scope       = "CLOUDFRONT"

  # As WAF's own API takes them (docs/decisions/2026-11-28-firewall.md).
  rule_json = jsonencode(local.firewall_rules)

  default_action {
    allow {}
  }

  dynamic "custom_response_body" {
    for_each = local.blocked_answers

    content {
      key          = custom_response_body.key
      content_type = "APPLICATION_JSON"
      content      = jsonencode(custom_response_body.value)
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.prefix
    sampled_requests_enabled   = false
  }
}
