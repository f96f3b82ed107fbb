locals {
  namespace = "Wallcrawler/${var.prefix}"

  load_balancer_dimensions = { LoadBalancer = aws_lb.main.arn_suffix }
  target_dimensions        = merge(local.load_balancer_dimensions, { TargetGroup = aws_lb_target_group.main.arn_suffix })

  alarms = {
    too-few = {
      description = "Fewer routers are healthy than there should be at least: the next one that fails may be the last."
      namespace   = "AWS/ApplicationELB", metric = "HealthyHostCount", dimensions = local.target_dimensions
      statistic   = "Minimum", comparison = "LessThanThreshold", threshold = var.capacity.min, periods = 2, missing = "breaching"
    }
    errors = {
      description = "Clients do not get to their browsers: the router answers 5xx. Its log says why."
      namespace   = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", dimensions = local.load_balancer_dimensions
      statistic   = "Sum", comparison = "GreaterThanThreshold", threshold = 10, periods = 1, missing = "notBreaching"
    }
    unreachable = {
      description = "The load balancer reaches no router."
      namespace   = "AWS/ApplicationELB", metric = "HTTPCode_ELB_5XX_Count", dimensions = local.load_balancer_dimensions
      statistic   = "Sum", comparison = "GreaterThanThreshold", threshold = 10, periods = 1, missing = "notBreaching"
    }
    full = {
      description = "Routers turn clients away because they are full: raise capacity.max."
      namespace   = local.namespace, metric = "RouterFull", dimensions = {}
      statistic   = "Sum", comparison = "GreaterThanThreshold", threshold = 0, periods = 1, missing = "notBreaching"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "main" {
  for_each = local.alarms

  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 300
  evaluation_periods  = each.value.periods
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  treat_missing_data  = each.value.missing
  alarm_actions       = [var.operations.alarm_topic_arn]
  ok_actions          = [var.operations.alarm_topic_arn]
}
