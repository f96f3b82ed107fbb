mock_provider "aws" {
  source = "../../testing"
}

variables {
  prefix              = "wallcrawler-test"
  has_private_subnets = true
}

run "without_nat_there_is_nothing_private_and_nothing_to_pay" {
  variables {
    nat                 = "none"
    has_private_subnets = false
  }

  assert {
    condition     = length(setintersection(data.aws_availability_zones.main.exclude_zone_ids, ["apne1-az3", "usw1-az2"])) == 2
    error_message = "a task that is to start in a zone without Fargate does not start"
  }

  assert {
    condition     = length(aws_nat_gateway.main) == 0 && length(aws_eip.nat) == 0 && length(output.private_subnet_ids) == 0
    error_message = "a NAT gateway costs $33 a month before the first byte: dev has none"
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !subnet.map_public_ip_on_launch])
    error_message = "a public address is given to a task that asks, never by accident"
  }

  assert {
    condition     = length(distinct([for subnet in aws_subnet.public : subnet.availability_zone])) == 2
    error_message = "two zones, so that one may fail"
  }

  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && aws_vpc_endpoint.s3.service_name == "com.amazonaws.us-west-2.s3"
    error_message = "profiles go to S3 without leaving AWS's network"
  }

  assert {
    condition     = aws_vpc_endpoint.dynamodb.vpc_endpoint_type == "Gateway" && aws_vpc_endpoint.dynamodb.service_name == "com.amazonaws.us-west-2.dynamodb"
    error_message = "the router's reads go to DynamoDB without a NAT gateway that is paid by the byte"
  }
}

run "without_nat_private_subnets_reach_nothing_but_the_vpc" {
  variables {
    nat = "none"
  }

  assert {
    condition     = length(output.private_subnet_ids) == 2 && length(aws_route.nat) == 0 && length(aws_nat_gateway.main) == 0 && length(aws_eip.nat) == 0
    error_message = "a load balancer needs a private subnet, and no way out of it that would have to be paid"
  }
}

run "a_gateway_for_nobody_is_refused" {
  command = plan

  variables {
    nat                 = "one"
    has_private_subnets = false
  }

  expect_failures = [var.nat]
}

run "per_zone_a_zone_may_fail" {
  variables {
    nat        = "per_zone"
    zone_count = 3
  }

  assert {
    condition     = length(aws_nat_gateway.main) == 3 && length(output.private_subnet_ids) == 3
    error_message = "each zone has its own way out"
  }

  assert {
    condition     = length(distinct(concat([for subnet in aws_subnet.public : subnet.cidr_block], [for subnet in aws_subnet.private : subnet.cidr_block]))) == 6
    error_message = "no two subnets overlap"
  }

  assert {
    condition     = local.nat_of == { "us-west-2a" = "us-west-2a", "us-west-2b" = "us-west-2b", "us-west-2c" = "us-west-2c" }
    error_message = "a private subnet leaves by the gateway of its own zone"
  }
}

run "one_nat_serves_all_zones" {
  variables {
    nat = "one"
  }

  assert {
    condition     = keys(aws_nat_gateway.main) == ["us-west-2a"] && length(aws_route.nat) == 2
    error_message = "one gateway, and every private subnet has a way to it"
  }
}

run "a_region_with_too_few_zones_is_told" {
  command = plan

  variables {
    nat        = "none"
    zone_count = 4
  }

  expect_failures = [data.aws_availability_zones.main]
}
