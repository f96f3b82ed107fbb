# What no browser reaches, whatever becomes of its guard: private networks behind the VPC, by peering, a VPN or a transit
# gateway. A security group cannot deny. Link-local addresses (metadata, the VPC's name service) pass by every network ACL.

locals {
  # What is first decides.
  acl_egress = concat(
    # Routers stand in the same subnets, and behind a NAT gateway their load balancer with CloudFront's way to it: what these
    # ask each other and the browsers, and all answers. Security groups say who lets whom in; in the VPC nothing has none.
    [for ports in [[80, 80], [1024, 65535]] : { action = "allow", protocol = "tcp", cidr = var.subnets.vpc_cidr, from_port = ports[0], to_port = ports[1] }],
    [for cidr in var.allowed_networks : { action = "allow", protocol = "-1", cidr = cidr, from_port = 0, to_port = 0 } if !strcontains(cidr, ":")],
    [for cidr in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"] : { action = "deny", protocol = "-1", cidr = cidr, from_port = 0, to_port = 0 }],
    [{ action = "allow", protocol = "-1", cidr = "0.0.0.0/0", from_port = 0, to_port = 0 }],
  )
}

resource "aws_network_acl" "main" {
  vpc_id     = var.vpc_id
  subnet_ids = var.subnets.ids

  tags = { Name = local.name }
}

# Who may come is for the security groups to say.
resource "aws_network_acl_rule" "ingress" {
  network_acl_id = aws_network_acl.main.id
  egress         = false
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}

resource "aws_network_acl_rule" "egress" {
  for_each = { for index, rule in local.acl_egress : format("%02d", index) => rule }

  network_acl_id = aws_network_acl.main.id
  egress         = true
  rule_number    = 100 + tonumber(each.key) * 10
  rule_action    = each.value.action
  protocol       = each.value.protocol
  cidr_block     = each.value.cidr
  from_port      = each.value.from_port
  to_port        = each.value.to_port
}
