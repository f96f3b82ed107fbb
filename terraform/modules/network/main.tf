# Where the browsers live: a VPC, public subnets, and private ones, which the internet does not reach. Those reach it
# where there is a NAT gateway, and nothing but the VPC where there is none: enough for a load balancer.

data "aws_availability_zones" "main" {
  state = "available"
  # Old zones, where there is no Fargate or CloudFront reaches no load balancer.
  exclude_zone_ids = ["apne1-az3", "cac1-az3", "use1-az3", "usw1-az2"]

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  lifecycle {
    postcondition {
      condition     = length(self.names) >= var.zone_count
      error_message = "zone_count is ${var.zone_count}, and this region has ${length(self.names)} zones that do: ${join(", ", self.names)}."
    }
  }
}

locals {
  zones = { for index, zone in slice(data.aws_availability_zones.main.names, 0, var.zone_count) : zone => index }
}

resource "aws_vpc" "main" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.prefix }
}

# Whatever is started without a security group of its own gets this one, which lets nothing through.
resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id

  tags = { Name = "${var.prefix}-closed" }
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id

  tags = { Name = var.prefix }
}

# Profiles, and the layers of the image, come from S3: free this way, and by the gigabyte through a NAT gateway.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.${data.aws_region.current.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = concat([aws_route_table.public.id], [for table in aws_route_table.private : table.id])

  tags = { Name = "${var.prefix}-s3" }
}

# The router reads a session for each connection: free this way as well.
resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.${data.aws_region.current.region}.dynamodb"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = concat([aws_route_table.public.id], [for table in aws_route_table.private : table.id])

  tags = { Name = "${var.prefix}-dynamodb" }
}

data "aws_region" "current" {}
