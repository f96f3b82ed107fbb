# The API answers JSON: nothing of it is to be framed, sniffed, run or referred from.
resource "aws_cloudfront_response_headers_policy" "main" {
  name = "${var.prefix}-security"

  security_headers_config {
    content_security_policy {
      content_security_policy = "default-src 'none'; frame-ancestors 'none'"
      override                = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }

    strict_transport_security {
      access_control_max_age_sec = 365 * 24 * 60 * 60
      include_subdomains         = false # the domain above may be somebody else's
      override                   = true
    }
  }
}

# Live view and replay are pages, with scripts, and may be framed by who shows them. Each brings its own content security
# policy.
resource "aws_cloudfront_response_headers_policy" "pages" {
  name = "${var.prefix}-pages"

  security_headers_config {
    content_type_options {
      override = true
    }

    # Their token is in the path.
    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }

    strict_transport_security {
      access_control_max_age_sec = 365 * 24 * 60 * 60
      include_subdomains         = false
      override                   = true
    }
  }
}
