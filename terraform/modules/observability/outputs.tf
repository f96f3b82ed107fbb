output "alarm_topic_arn" {
  description = "ARN of the topic that alarms go to."
  value       = aws_sns_topic.alarms.arn

  # An alarm that fires before CloudWatch may publish reaches nobody.
  depends_on = [aws_sns_topic_policy.alarms]
}

output "dashboard_name" {
  description = "Name of the dashboard."
  value       = aws_cloudwatch_dashboard.main.dashboard_name
}

output "event_bus" {
  description = "The bus that session events go to, and the policy to put them there."
  value = {
    name = aws_cloudwatch_event_bus.main.name
    arn  = aws_cloudwatch_event_bus.main.arn
    policies = {
      put = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = ["events:PutEvents"], Resource = [aws_cloudwatch_event_bus.main.arn] }]
      })
    }
  }
}

output "metrics_namespace" {
  description = "Where CloudWatch has the platform's own numbers."
  value       = local.namespace
}
