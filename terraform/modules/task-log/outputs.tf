output "configuration" {
  description = "logConfiguration of a container definition."
  value = {
    logDriver = "awslogs"
    options = {
      awslogs-group         = aws_cloudwatch_log_group.main.name
      awslogs-region        = data.aws_region.current.region
      awslogs-stream-prefix = var.stream_prefix
      # A log that cannot be written must not hold up a browser.
      mode            = "non-blocking"
      max-buffer-size = "4m"
    }
  }
}

output "name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.main.name
}

output "policies" {
  description = "Policy JSON by what it allows: write."
  value = {
    write = jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.main.arn}:*"]
      }]
    })
  }
}
