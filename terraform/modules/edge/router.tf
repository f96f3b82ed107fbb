# The way to the router, where there is one: into the VPC, to a load balancer that the internet does not reach.

resource "aws_cloudfront_vpc_origin" "router" {
  for_each = toset(var.router == null ? [] : ["router"])

  vpc_origin_endpoint_config {
    name                   = "${var.prefix}-router"
    arn                    = var.router.arn
    http_port              = var.router.port
    https_port             = 443
    origin_protocol_policy = "http-only" # within the VPC, as from the router to the browsers

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }

  # The distribution lets go of it first: CloudFront answers 409 to whoever changes or deletes one that is in use.
  lifecycle {
    create_before_destroy = true
  }

  # CloudFront says up to 15 minutes, which is also where the provider gives up.
  timeouts {
    create = "30m"
    update = "30m"
    delete = "30m"
  }
}
