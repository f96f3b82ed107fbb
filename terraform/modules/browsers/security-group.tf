# Reached on the proxy's port only, and only by whom `ingress` names. The token decides the rest.

resource "aws_security_group" "main" {
  name        = local.name
  description = "Browser containers"
  vpc_id      = var.vpc_id

  tags = { Name = local.name }
}

resource "aws_vpc_security_group_ingress_rule" "proxy" {
  for_each = var.ingress_cidrs

  security_group_id = aws_security_group.main.id
  description       = each.key
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = local.proxy_port
  to_port           = local.proxy_port
}

resource "aws_vpc_security_group_egress_rule" "internet" {
  security_group_id = aws_security_group.main.id
  description       = "A browser goes wherever its user sends it: any port, UDP for QUIC and WebRTC"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
