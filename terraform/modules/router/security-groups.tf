# CloudFront -> load balancer -> router -> the browsers' proxies, and nothing beside that way.

locals {
  listener_port = 80
}

# CloudFront's side of every VPC origin. From outside of the VPC nobody reaches an internal load balancer, whatever
# address it claims.
data "aws_ec2_managed_prefix_list" "cloudfront" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_security_group" "load_balancer" {
  name        = "${local.name}-load-balancer"
  description = "Load balancer of the router"
  vpc_id      = var.network.vpc_id

  tags = { Name = "${local.name}-load-balancer" }
}

resource "aws_vpc_security_group_ingress_rule" "from_cloudfront" {
  security_group_id = aws_security_group.load_balancer.id
  description       = "CloudFront"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront.id
  ip_protocol       = "tcp"
  from_port         = local.listener_port
  to_port           = local.listener_port
}

resource "aws_vpc_security_group_egress_rule" "to_router" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = "Router"
  referenced_security_group_id = aws_security_group.router.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_security_group" "router" {
  name        = local.name
  description = "Router"
  vpc_id      = var.network.vpc_id

  tags = { Name = local.name }
}

resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
  security_group_id            = aws_security_group.router.id
  description                  = "Load balancer"
  referenced_security_group_id = aws_security_group.load_balancer.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_vpc_security_group_egress_rule" "to_browsers" {
  security_group_id            = aws_security_group.router.id
  description                  = "Proxies of the browsers"
  referenced_security_group_id = var.browsers.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = var.browsers.proxy_port
  to_port                      = var.browsers.proxy_port
}

resource "aws_vpc_security_group_egress_rule" "to_aws" {
  security_group_id = aws_security_group.router.id
  description       = "DynamoDB, ECR, S3 and CloudWatch Logs, which have no addresses of their own here"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "browsers_from_router" {
  security_group_id            = var.browsers.security_group_id
  description                  = "Router"
  referenced_security_group_id = aws_security_group.router.id
  ip_protocol                  = "tcp"
  from_port                    = var.browsers.proxy_port
  to_port                      = var.browsers.proxy_port
}
