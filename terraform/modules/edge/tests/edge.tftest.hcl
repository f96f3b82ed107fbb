mock_provider "aws" {
  source = "../../testing"
}

variables {
  prefix              = "wallcrawler-test"
  origin              = { domain_name = "api0123456.execute-api.us-west-2.amazonaws.com", path = "/api", read_timeout_seconds = 60 }
  origin_secret       = "0123456789abcdef0123456789abcdef"
  requests_per_ip     = 15000
  log_retention_days  = 30
  viewer_request_code = file("../../../edge/viewer-request.js")
}

run "everything_is_passed_on_and_nothing_is_kept" {
  assert {
    condition     = data.aws_cloudfront_cache_policy.disabled.name == "Managed-CachingDisabled" && aws_cloudfront_distribution.main.default_cache_behavior[0].cache_policy_id == data.aws_cloudfront_cache_policy.disabled.id
    error_message = "an answer of the API is for one key: it must never be served to another"
  }

  assert {
    condition     = data.aws_cloudfront_origin_request_policy.all_but_host.name == "Managed-AllViewerExceptHostHeader" && aws_cloudfront_distribution.main.default_cache_behavior[0].origin_request_policy_id == data.aws_cloudfront_origin_request_policy.all_but_host.id
    error_message = "keys and projects are in headers; with the viewer's Host API Gateway finds no API"
  }

  assert {
    condition     = toset(aws_cloudfront_distribution.main.default_cache_behavior[0].allowed_methods) == toset(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])
    error_message = "the API has POST, PUT and DELETE"
  }

  assert {
    condition     = one(aws_cloudfront_distribution.main.origin).custom_origin_config[0].origin_read_timeout == 60
    error_message = "CloudFront's own 30 s would cut off every create that takes longer"
  }

  assert {
    condition     = one(aws_cloudfront_distribution.main.origin).connection_attempts == 1
    error_message = "a create is never sent twice"
  }
}

run "an_error_is_for_one_client_only" {
  assert {
    condition     = toset([for error in aws_cloudfront_distribution.main.custom_error_response : error.error_code]) == toset([400, 403, 404, 405, 414, 500, 501, 502, 503, 504])
    error_message = "CloudFront keeps these for ten seconds even with caching disabled and with no-store, by the path alone: one client's 502 of GET /v1/sessions would be everybody's, and /connect is one path for all sessions"
  }

  assert {
    condition     = alltrue([for error in aws_cloudfront_distribution.main.custom_error_response : error.error_caching_min_ttl == 0])
    error_message = "kept for no time at all: the default is ten seconds"
  }
}

run "the_identity_headers_are_made_present" {
  assert {
    condition     = one(aws_cloudfront_distribution.main.default_cache_behavior[0].function_association).event_type == "viewer-request" && strcontains(aws_cloudfront_function.viewer_request.code, "x-wc-project-id") && aws_cloudfront_function.viewer_request.publish
    error_message = "API Gateway answers 401 without asking when one identity source is missing"
  }
}

run "the_api_knows_cloudfront_by_a_secret" {
  assert {
    condition     = one(one(aws_cloudfront_distribution.main.origin).custom_header).name == "Referer" && nonsensitive(one(one(aws_cloudfront_distribution.main.origin).custom_header).value) == nonsensitive(var.origin_secret)
    error_message = "the API refuses who does not send it, and a client's own Referer is overwritten"
  }

  assert {
    condition     = one(aws_cloudfront_distribution.main.origin).custom_origin_config[0].origin_protocol_policy == "https-only"
    error_message = "the secret, and every key, go to the API by TLS only"
  }
}

run "nothing_goes_in_the_clear" {
  assert {
    condition     = aws_cloudfront_distribution.main.default_cache_behavior[0].viewer_protocol_policy == "https-only"
    error_message = "HTTP is refused: a redirect would come after the key"
  }

  assert {
    condition     = aws_cloudfront_response_headers_policy.main.security_headers_config[0].strict_transport_security[0].access_control_max_age_sec == 31536000
    error_message = "browsers remember it for a year"
  }

  assert {
    condition     = aws_cloudfront_response_headers_policy.main.security_headers_config[0].content_type_options[0].override && aws_cloudfront_response_headers_policy.main.security_headers_config[0].frame_options[0].frame_option == "DENY"
    error_message = "what a page put into a session is never sniffed or framed"
  }
}

run "the_firewall_stands_in_front" {
  assert {
    condition     = aws_cloudfront_distribution.main.web_acl_id == aws_wafv2_web_acl.main.arn && aws_wafv2_web_acl.main.scope == "CLOUDFRONT" && aws_wafv2_web_acl.main.region == "us-east-1"
    error_message = "WAF for CloudFront lives in us-east-1"
  }

  assert {
    condition     = [for rule in jsondecode(aws_wafv2_web_acl.main.rule_json) : rule.Statement.RateBasedStatement if rule.Name == "rate-per-ip"] == [{ AggregateKeyType = "IP", EvaluationWindowSec = 300, Limit = 15000 }]
    error_message = "the address of the connection: a forwarded one can be made up"
  }

  assert {
    condition     = { for rule in jsondecode(aws_wafv2_web_acl.main.rule_json) : rule.Name => rule.Priority } == { "rate-per-ip" = 0, AWSManagedRulesKnownBadInputsRuleSet = 1, AWSManagedRulesCommonRuleSet = 2 }
    error_message = "rate limit, known bad inputs, common rules; WAF refuses two rules of one priority"
  }

  assert {
    condition     = alltrue([for rule in jsondecode(aws_wafv2_web_acl.main.rule_json) : rule.Statement.ManagedRuleGroupStatement.Name == rule.Name && rule.OverrideAction == { None = {} } if startswith(rule.Name, "AWS")])
    error_message = "the groups act as their rules say"
  }

  # By name, and not by what the names end with: AWS's own list is what this is held against.
  assert {
    condition = toset(flatten([for rule in jsondecode(aws_wafv2_web_acl.main.rule_json) : [for override in rule.Statement.ManagedRuleGroupStatement.RuleActionOverrides :
      override.Name if override.ActionToUse == { Count = {} }] if startswith(rule.Name, "AWS")])) == toset([
      "CrossSiteScripting_BODY", "CrossSiteScripting_QUERYARGUMENTS", "EC2MetaDataSSRF_BODY", "EC2MetaDataSSRF_QUERYARGUMENTS",
      "GenericLFI_BODY", "GenericLFI_QUERYARGUMENTS", "GenericRFI_BODY", "GenericRFI_QUERYARGUMENTS", "NoUserAgent_HEADER",
      "RestrictedExtensions_QUERYARGUMENTS", "SizeRestrictions_BODY", "SizeRestrictions_QUERYSTRING",
    ])
    error_message = "localhost, ../../, <script> and an address in userMetadata, a name, a proxy or q are honest JSON, and q alone may be 6,144 bytes: what looks at a body or a query counts"
  }

  assert {
    condition = toset(flatten([for rule in jsondecode(aws_wafv2_web_acl.main.rule_json) : [for override in rule.Statement.ManagedRuleGroupStatement.RuleActionOverrides :
      override.Name if contains(keys(override.ActionToUse), "Block")] if startswith(rule.Name, "AWS")])) == toset([
      "CrossSiteScripting_COOKIE", "CrossSiteScripting_URIPATH", "EC2MetaDataSSRF_COOKIE", "EC2MetaDataSSRF_URIPATH",
      "ExploitablePaths_URIPATH", "GenericLFI_URIPATH", "GenericRFI_URIPATH", "Host_localhost_HEADER",
      "JavaDeserializationRCE_BODY", "JavaDeserializationRCE_HEADER", "JavaDeserializationRCE_QUERYSTRING",
      "JavaDeserializationRCE_URIPATH", "Log4JRCE_BODY", "Log4JRCE_HEADER", "Log4JRCE_QUERYSTRING", "Log4JRCE_URIPATH",
      "PROPFIND_METHOD", "ReactJSRCE_BODY", "RestrictedExtensions_URIPATH", "SizeRestrictions_Cookie_HEADER",
      "SizeRestrictions_URIPATH", "UserAgent_BadBots_HEADER",
    ])
    error_message = "paths, headers and known bad inputs are blocked"
  }

  assert {
    condition = alltrue([for response in concat(
      [for rule in jsondecode(aws_wafv2_web_acl.main.rule_json) : rule.Action.Block.CustomResponse if rule.Name == "rate-per-ip"],
      flatten([for rule in jsondecode(aws_wafv2_web_acl.main.rule_json) : [for override in rule.Statement.ManagedRuleGroupStatement.RuleActionOverrides :
      override.ActionToUse.Block.CustomResponse if contains(keys(override.ActionToUse), "Block")] if startswith(rule.Name, "AWS")]),
      ) : response.ResponseHeaders == [{ Name = "cache-control", Value = "no-store" }] && length([for body in aws_wafv2_web_acl.main.custom_response_body : body
        if body.key == response.CustomResponseBodyKey && body.content_type == "APPLICATION_JSON"
        && toset(keys(jsondecode(body.content))) == toset(["statusCode", "error", "message"])
    && jsondecode(body.content).statusCode == response.ResponseCode]) == 1])
    error_message = "who is blocked reads {statusCode, error, message} as from the API, which nobody keeps for another"
  }

  assert {
    condition     = alltrue([for rule in jsondecode(aws_wafv2_web_acl.main.rule_json) : rule.VisibilityConfig == { CloudWatchMetricsEnabled = true, MetricName = rule.Name, SampledRequestsEnabled = false }]) && !aws_wafv2_web_acl.main.visibility_config[0].sampled_requests_enabled
    error_message = "samples would show API keys to everybody who may look at the console"
  }

  assert {
    condition     = toset(flatten([for field in aws_wafv2_web_acl_logging_configuration.main.redacted_fields : [for header in field.single_header : header.name]])) == toset(["authorization", "x-bb-api-key", "x-wc-api-key"])
    error_message = "the firewall's log holds no key"
  }

  assert {
    condition     = anytrue([for field in aws_wafv2_web_acl_logging_configuration.main.redacted_fields : length(field.query_string) > 0]) && anytrue([for field in aws_wafv2_web_acl_logging_configuration.main.redacted_fields : length(field.uri_path) > 0])
    error_message = "the firewall's log holds no token: one stands in the query of a connectUrl, one in the path of a live view"
  }

  assert {
    condition     = startswith(aws_cloudwatch_log_group.firewall.name, "aws-waf-logs-") && aws_cloudwatch_log_group.firewall.retention_in_days == 30
    error_message = "WAF takes no other name, and the log is kept for a bounded time"
  }
}

run "without_a_router_there_is_no_way_into_the_vpc" {
  assert {
    condition     = length(aws_cloudfront_vpc_origin.router) == 0 && length(aws_cloudfront_distribution.main.ordered_cache_behavior) == 1 && length(aws_cloudfront_distribution.main.origin) == 1
    error_message = "dev has no router: everything goes to the API"
  }
}

run "a_replay_is_a_page_of_the_api" {
  assert {
    condition     = one(aws_cloudfront_distribution.main.ordered_cache_behavior).path_pattern == "/replay/*" && one(aws_cloudfront_distribution.main.ordered_cache_behavior).target_origin_id == "api"
    error_message = "the API answers it: its session's container is gone"
  }

  assert {
    condition     = one(aws_cloudfront_distribution.main.ordered_cache_behavior).response_headers_policy_id == aws_cloudfront_response_headers_policy.pages.id
    error_message = "under the API's policy it would run no script and could not be framed"
  }

  assert {
    condition     = one(aws_cloudfront_distribution.main.ordered_cache_behavior).cache_policy_id == data.aws_cloudfront_cache_policy.disabled.id && toset(one(aws_cloudfront_distribution.main.ordered_cache_behavior).allowed_methods) == toset(["GET", "HEAD"])
    error_message = "it is read, and kept nowhere"
  }
}

run "browsers_are_reached_by_the_router" {
  variables {
    router = {
      arn                  = "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/mock/1"
      domain_name          = "internal-mock.us-west-2.elb.amazonaws.com"
      port                 = 80
      read_timeout_seconds = 60
    }
  }

  assert {
    condition     = aws_cloudfront_vpc_origin.router["router"].vpc_origin_endpoint_config[0].arn == var.router.arn && aws_cloudfront_vpc_origin.router["router"].vpc_origin_endpoint_config[0].http_port == 80
    error_message = "the VPC origin leads to the load balancer's listener"
  }

  assert {
    condition     = aws_cloudfront_vpc_origin.router["router"].timeouts.create == "30m"
    error_message = "CloudFront takes up to a quarter of an hour, and that is the provider's own limit"
  }

  assert {
    condition = [for origin in aws_cloudfront_distribution.main.origin : origin.vpc_origin_config[0].vpc_origin_id
    if origin.origin_id == "router"] == [aws_cloudfront_vpc_origin.router["router"].id]
    error_message = "through the VPC, not over the internet"
  }

  assert {
    condition     = [for origin in aws_cloudfront_distribution.main.origin : origin.vpc_origin_config[0].origin_read_timeout if origin.origin_id == "router"] == [60]
    error_message = "CloudFront's own 30 s would cut off who waits for a browser"
  }

  assert {
    condition     = alltrue([for origin in aws_cloudfront_distribution.main.origin : length(origin.custom_header) == 0 if origin.origin_id == "router"])
    error_message = "the API's origin secret is none of the router's business"
  }

  assert {
    condition     = aws_cloudfront_distribution.main.ordered_cache_behavior[0].path_pattern == "/connect/claim/*" && contains(aws_cloudfront_distribution.main.ordered_cache_behavior[0].allowed_methods, "POST") && aws_cloudfront_distribution.main.ordered_cache_behavior[0].target_origin_id == "router"
    error_message = "a session is handed to a warm container by POST /connect/claim/<token>"
  }

  assert {
    condition     = aws_cloudfront_distribution.main.ordered_cache_behavior[0].viewer_protocol_policy == "https-only" && aws_cloudfront_distribution.main.ordered_cache_behavior[0].cache_policy_id == data.aws_cloudfront_cache_policy.disabled.id
    error_message = "a claim never goes in the clear, and its answer is not kept"
  }

  assert {
    condition     = aws_cloudfront_distribution.main.ordered_cache_behavior[1].path_pattern == "/connect/uploads/*" && contains(aws_cloudfront_distribution.main.ordered_cache_behavior[1].allowed_methods, "PUT") && aws_cloudfront_distribution.main.ordered_cache_behavior[1].target_origin_id == "router"
    error_message = "a file for a session is put to /connect/uploads/<name>"
  }

  assert {
    condition     = aws_cloudfront_distribution.main.ordered_cache_behavior[1].viewer_protocol_policy == "https-only" && aws_cloudfront_distribution.main.ordered_cache_behavior[1].cache_policy_id == data.aws_cloudfront_cache_policy.disabled.id
    error_message = "the token of its session never goes in the clear"
  }

  assert {
    condition     = aws_cloudfront_distribution.main.ordered_cache_behavior[2].path_pattern == "/connect/live/*/files/*" && contains(aws_cloudfront_distribution.main.ordered_cache_behavior[2].allowed_methods, "PUT") && aws_cloudfront_distribution.main.ordered_cache_behavior[2].target_origin_id == "router"
    error_message = "a live view puts the files that its page asks for to /connect/live/<token>/files/<chooser>/<name>"
  }

  assert {
    condition     = aws_cloudfront_distribution.main.ordered_cache_behavior[2].viewer_protocol_policy == "https-only" && aws_cloudfront_distribution.main.ordered_cache_behavior[2].cache_policy_id == data.aws_cloudfront_cache_policy.disabled.id
    error_message = "nor does the token of a live view"
  }

  assert {
    condition     = toset(aws_cloudfront_distribution.main.ordered_cache_behavior[3].allowed_methods) == toset(["GET", "HEAD"])
    error_message = "nothing else is posted to a browser"
  }

  assert {
    condition     = aws_cloudfront_distribution.main.ordered_cache_behavior[3].path_pattern == "/connect*" && aws_cloudfront_distribution.main.ordered_cache_behavior[3].target_origin_id == "router"
    error_message = "connectUrl is wss://<host>/connect, and the live view lies below it"
  }

  assert {
    condition     = aws_cloudfront_distribution.main.ordered_cache_behavior[3].cache_policy_id == data.aws_cloudfront_cache_policy.disabled.id && aws_cloudfront_distribution.main.ordered_cache_behavior[3].origin_request_policy_id == data.aws_cloudfront_origin_request_policy.all_but_host.id
    error_message = "the upgrade's headers and the query with the token arrive, nothing is kept, and the viewer's Host, which breaks the upgrade, stays out"
  }

  assert {
    condition     = aws_cloudfront_distribution.main.ordered_cache_behavior[3].viewer_protocol_policy == "https-only"
    error_message = "a token never goes in the clear"
  }

  assert {
    condition     = length(aws_cloudfront_distribution.main.ordered_cache_behavior[3].function_association) == 0
    error_message = "the identity headers are the API's: no function runs for a socket"
  }

  assert {
    condition     = aws_cloudfront_distribution.main.ordered_cache_behavior[3].response_headers_policy_id == aws_cloudfront_response_headers_policy.pages.id && length(aws_cloudfront_response_headers_policy.pages.security_headers_config[0].content_security_policy) == 0 && length(aws_cloudfront_response_headers_policy.pages.security_headers_config[0].frame_options) == 0
    error_message = "under the API's policy the live view would run no script and could not be framed"
  }

  assert {
    condition     = aws_cloudfront_response_headers_policy.pages.security_headers_config[0].referrer_policy[0].referrer_policy == "no-referrer"
    error_message = "the token in the live view's path goes to nobody else"
  }
}

run "a_name_of_your_own" {
  variables {
    domain = { name = "browsers.example.com", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/c" }
  }

  assert {
    condition     = aws_cloudfront_distribution.main.aliases == toset(["browsers.example.com"]) && output.domain_name == "browsers.example.com"
    error_message = "two values give the API a name"
  }

  assert {
    condition     = aws_cloudfront_distribution.main.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021"
    error_message = "TLS 1.2 or newer"
  }
}

run "a_certificate_of_another_region_is_refused" {
  command = plan

  variables {
    domain = { name = "browsers.example.com", certificate_arn = "arn:aws:acm:us-west-2:123456789012:certificate/c" }
  }

  expect_failures = [var.domain]
}
