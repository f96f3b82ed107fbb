resource "aws_ecs_service" "main" {
  name            = local.name
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.main.arn
  launch_type     = "FARGATE"
  desired_count   = var.capacity.min
  propagate_tags  = "SERVICE"

  # New tasks are healthy before old ones leave.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60
  availability_zone_rebalancing      = "DISABLED" # it would cut connections for the sake of evenness

  # The old tasks leave for up to an hour, see the target group: nobody is to watch that.
  wait_for_steady_state = false

  # It is gone when its last connection is, which the target group gives an hour.
  timeouts {
    delete = "75m"
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.network.task_subnet_ids
    security_groups  = [aws_security_group.router.id]
    assign_public_ip = var.network.assigns_public_ip
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.main.arn
    container_name   = local.container_name
    container_port   = local.port
  }

  lifecycle {
    ignore_changes = [desired_count] # it is the scaling's
  }

  depends_on = [aws_lb_listener.main]
}

resource "aws_appautoscaling_target" "main" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.main.name}"
  min_capacity       = var.capacity.min
  max_capacity       = var.capacity.max
}

# Each task says in its log, once a minute, how many connections it has: their mean is the load of one task.
resource "aws_appautoscaling_policy" "connections" {
  name               = "${local.name}-connections"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.main.service_namespace
  scalable_dimension = aws_appautoscaling_target.main.scalable_dimension
  resource_id        = aws_appautoscaling_target.main.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = local.max_sockets / 2
    # In is slow: who scales in ends connections, if they last longer than an hour.
    scale_in_cooldown  = 1800
    scale_out_cooldown = 60

    customized_metric_specification {
      namespace   = local.namespace
      metric_name = "RouterOpenConnections"
      statistic   = "Average"
      unit        = "Count"
    }
  }
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "${local.name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.main.service_namespace
  scalable_dimension = aws_appautoscaling_target.main.scalable_dimension
  resource_id        = aws_appautoscaling_target.main.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 1800
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
