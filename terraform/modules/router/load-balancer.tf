# Internal: the only way to it is CloudFront's VPC origin.

resource "aws_lb" "main" {
  name               = local.name
  internal           = true
  load_balancer_type = "application"
  subnets            = var.network.subnet_ids
  security_groups    = [aws_security_group.load_balancer.id]

  # As long as CloudFront keeps a silent WebSocket; the sessions' proxies ping every 30 s.
  idle_timeout               = 600
  drop_invalid_header_fields = true
  enable_deletion_protection = var.enable_deletion_protection

  # No access log: the URLs in it would hold tokens.
}

resource "aws_lb_listener" "main" {
  load_balancer_arn = aws_lb.main.arn
  port              = local.listener_port
  protocol          = "HTTP" # from CloudFront to here the VPC origin's private connection carries it

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.main.arn
  }
}

resource "aws_lb_target_group" "main" {
  name                          = local.name
  vpc_id                        = var.network.vpc_id
  target_type                   = "ip"
  port                          = local.port
  protocol                      = "HTTP"
  load_balancing_algorithm_type = "least_outstanding_requests" # a WebSocket is one request for as long as it lives

  # A task that leaves keeps its connections so long before it is asked to stop: the most that is allowed. What is left then
  # is cut, so the router sends everybody away by itself five minutes earlier (router/watch-departure.ts).
  deregistration_delay = 3600

  health_check {
    path                = "/health"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}
