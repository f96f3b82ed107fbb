# The one address that clients know: CloudFront, which passes everything on and caches nothing.

locals {
  api_origin_id    = "api"
  router_origin_id = "router"

  # All errors that CloudFront can keep. Of 404, 405, 414 and the 5xx it keeps each for ten seconds, whatever the answer's
  # Cache-Control says, and serves it to whoever asks for that path next; 400 and 403 it keeps if it finds an age to keep
  # them for (AWS: "How CloudFront processes HTTP 4xx and 5xx status codes from your origin"). Without caching the key is
  # the path alone, so that one client's 502 of GET /v1/sessions would be everybody's, and /connect is one path for all.
  kept_error_codes = toset(["400", "403", "404", "405", "414", "500", "501", "502", "503", "504"])

  # A replay is the API's page, and no answer of JSON: it has scripts, and may be framed.
  replay_behavior = { path_pattern = "/replay/*", methods = ["GET", "HEAD"], origin_id = local.api_origin_id }

  # In order. Only claims of warm containers are posted, by the function that creates sessions, and only files for sessions
  # put, by clients or from a live view: CloudFront lets these through with all methods or not at all, and the router refuses the others.
  router_behaviors = [for behavior in [
    { path_pattern = "/connect/claim/*", methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] },
    { path_pattern = "/connect/uploads/*", methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] },
    { path_pattern = "/connect/live/*/files/*", methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] },
    { path_pattern = "/connect*", methods = ["GET", "HEAD"] },
  ] : merge(behavior, { origin_id = local.router_origin_id }) if var.router != null]
}

data "aws_cloudfront_cache_policy" "disabled" {
  name = "Managed-CachingDisabled"
}

# All headers of the viewer but Host: API Gateway finds its API by Host, and a VPC origin refuses an upgrade with another.
data "aws_cloudfront_origin_request_policy" "all_but_host" {
  name = "Managed-AllViewerExceptHostHeader"
}

resource "aws_cloudfront_distribution" "main" {
  enabled         = true
  comment         = var.prefix
  aliases         = var.domain == null ? [] : [var.domain.name]
  is_ipv6_enabled = true
  http_version    = "http2and3"
  price_class     = "PriceClass_All"
  web_acl_id      = aws_wafv2_web_acl.main.arn

  origin {
    origin_id   = local.api_origin_id
    domain_name = var.origin.domain_name
    origin_path = var.origin.path
    # One attempt: a create that reached the API must not be sent a second time.
    connection_attempts = 1
    connection_timeout  = 5

    custom_header {
      name  = "Referer"
      value = var.origin_secret
    }

    custom_origin_config {
      http_port                = 80
      https_port               = 443
      origin_protocol_policy   = "https-only"
      origin_ssl_protocols     = ["TLSv1.2"]
      origin_read_timeout      = var.origin.read_timeout_seconds
      origin_keepalive_timeout = 60
    }
  }

  dynamic "origin" {
    for_each = aws_cloudfront_vpc_origin.router

    content {
      origin_id           = local.router_origin_id
      domain_name         = var.router.domain_name
      connection_attempts = 1
      connection_timeout  = 5

      vpc_origin_config {
        vpc_origin_id            = origin.value.id
        origin_read_timeout      = var.router.read_timeout_seconds
        origin_keepalive_timeout = 60
      }
    }
  }

  default_cache_behavior {
    target_origin_id           = local.api_origin_id
    viewer_protocol_policy     = "https-only" # not redirect: a key would already have been sent in the clear
    allowed_methods            = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = data.aws_cloudfront_cache_policy.disabled.id
    origin_request_policy_id   = data.aws_cloudfront_origin_request_policy.all_but_host.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.main.id

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.viewer_request.arn
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = concat(local.router_behaviors, [local.replay_behavior])

    content {
      path_pattern               = ordered_cache_behavior.value.path_pattern
      target_origin_id           = ordered_cache_behavior.value.origin_id
      viewer_protocol_policy     = "https-only" # wss and https: the token is in the URL
      allowed_methods            = ordered_cache_behavior.value.methods
      cached_methods             = ["GET", "HEAD"]
      compress                   = false # WebSockets are not compressed, the inspector is opened rarely, a replay is compressed
      cache_policy_id            = data.aws_cloudfront_cache_policy.disabled.id
      origin_request_policy_id   = data.aws_cloudfront_origin_request_policy.all_but_host.id
      response_headers_policy_id = aws_cloudfront_response_headers_policy.pages.id
    }
  }

  dynamic "custom_error_response" {
    for_each = local.kept_error_codes

    content {
      error_code            = tonumber(custom_error_response.value)
      error_caching_min_ttl = 0 # and the answer stays as the origin gave it
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.domain == null
    acm_certificate_arn            = var.domain == null ? null : var.domain.certificate_arn
    ssl_support_method             = var.domain == null ? null : "sni-only"
    minimum_protocol_version       = var.domain == null ? null : "TLSv1.2_2021"
  }
}

resource "aws_cloudfront_function" "viewer_request" {
  name    = "${var.prefix}-viewer-request"
  runtime = "cloudfront-js-2.0"
  comment = "Makes the four identity headers present"
  code    = var.viewer_request_code
  publish = true
}
